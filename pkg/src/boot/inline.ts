// Node, Deno, Bun and unknown runtimes: the wasm is part of this module, as base64, because bundlers, test
// runners and compilers lose files that are found by URL.

import base64 from "wasm-as-base64";

import { boot } from "../engine.js";

boot(new WebAssembly.Module(bytesOf(base64)));

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  if (typeof globalThis.Buffer === "function") return Buffer!.from(text, "base64");
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let place = 0; place < letters.length; place += 1) bytes[place] = letters.charCodeAt(place);
  return bytes;
}
