import "../../boot/deno.js";

export * from "../../verify.js";
