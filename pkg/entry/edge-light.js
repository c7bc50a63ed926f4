// Vercel Edge: as in Cloudflare Workers, with its own way to name a wasm module.
import module from "../wasm/stytch_edge_bg.wasm?module";
import { boot } from "../engine.js";

boot(module, { shares_pending: false });

export * from "../index.js";
export { default } from "../index.js";
