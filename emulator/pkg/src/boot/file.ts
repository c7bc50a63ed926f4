// The command: the WebAssembly is a file of the package.

import { readFile } from "node:fs/promises";

/** The compiled WebAssembly. */
export async function compiled(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL("./wasm/stytch_emulator_bg.wasm", import.meta.url)));
}
