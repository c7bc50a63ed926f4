import "../../boot/edge-light.js";

export * from "../../verify.js";
