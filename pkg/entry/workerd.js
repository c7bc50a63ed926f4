import "../boot/workerd.js";

export * from "../index.js";
export { default } from "../index.js";
