// Every runtime that may compile WebAssembly: its text is part of the package as base64, because bundlers, test runners and
// compilers lose files that are found by URL.

import base64 from "wasm-as-base64";

/** The compiled WebAssembly. */
export function compiled(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(bytesOf(base64));
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as { fromBase64?(text: string): Uint8Array<ArrayBuffer> };
  if (typeof fromBase64 === "function") return fromBase64.call(Uint8Array, text);
  const { Buffer } = globalThis as { Buffer?: { from(text: string, encoding: string): Uint8Array<ArrayBuffer> } };
  if (Buffer) return Buffer.from(text, "base64");
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
