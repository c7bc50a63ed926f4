import "../../boot/browser.js";

export * from "../../verify.js";
