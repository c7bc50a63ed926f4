import "../../boot/node.js";

export * from "../../verify.js";
