import "../../boot/workerd.js";

export * from "../../verify.js";
