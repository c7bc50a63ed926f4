import "../boot/edge-light.js";

export * from "../index.js";
export { default } from "../index.js";
