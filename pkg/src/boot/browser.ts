// Browsers: the first call fetches the wasm, and nothing is loaded before. Some bundlers take this file for
// a Cloudflare Worker, where it cannot work.

import { bootLazily } from "../engine.js";

if (globalThis.navigator?.userAgent === "Cloudflare-Workers") {
  throw new Error(
    'stytch-edge: the bundler chose the build for browsers, and Cloudflare Workers cannot fetch wasm; leave the package to wrangler, in Vite with external: ["stytch-edge"]',
  );
}

bootLazily(async () => {
  const answer = await fetch(new URL("../wasm/stytch_edge_bg.wasm", import.meta.url));
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  // Compiled while it arrives, if the server sends the type that this requires.
  const isNamedWasm = /^application\/wasm$/i.test(answer.headers.get("content-type") ?? "");
  return isNamedWasm ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
});
