// What wrangler makes of an import that is no code: HTML comes as text.
declare module "*.html" {
  const text: string;
  export default text;
}
