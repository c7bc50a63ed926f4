// The guard does not know in workerd that a page is rendered at build time.
export default {};
