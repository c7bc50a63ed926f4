// Cloudflare Workers and Vercel Edge: the WebAssembly is a module of the build, because they compile nothing at run time.

import module from "../../wasm/stytch_emulator_bg.wasm?module";

/** The compiled WebAssembly. */
export function compiled(): Promise<WebAssembly.Module> {
  // Next.js compiles it outside of its sandbox, where the class is another one.
  if (!(module instanceof WebAssembly.Module)) Object.setPrototypeOf(module, WebAssembly.Module.prototype);
  return Promise.resolve(module);
}
