// The wasm is part of this module, as base64, because bundlers, test runners and compilers lose files that are found by URL.

import base64 from "wasm-as-base64";

import { boot } from "../engine.js";
import type { Runtime } from "../runtime.js";

/** Starts the wasm, in a runtime with these properties. */
export function bootInline(its: Partial<Runtime>): void {
  boot(new WebAssembly.Module(bytesOf(base64)), its);
}

/** In older Deno, reading `Buffer` loads much of Node's library, so it comes second. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as { fromBase64?(text: string): Uint8Array<ArrayBuffer> };
  if (typeof fromBase64 === "function") return fromBase64.call(Uint8Array, text);
  if (typeof globalThis.Buffer === "function") return Buffer!.from(text, "base64");
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
