// Browsers: the first call fetches the wasm. Nothing happens when the module is imported, because some
// bundlers take this file for a Worker, which has no URL to start from.

import { bootLazily } from "../engine.js";

bootLazily(async () => {
  if (globalThis.navigator?.userAgent === "Cloudflare-Workers") throw new Error(FOR_WORKERS);
  const answer = await fetch(new URL("../wasm/stytch_edge_bg.wasm", import.meta.url));
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return WebAssembly.compile(await answer.arrayBuffer());
});

const FOR_WORKERS =
  'the bundler chose the build for browsers, and Cloudflare Workers cannot fetch wasm; leave the package to wrangler, in Vite by external: ["stytch-edge"]';
