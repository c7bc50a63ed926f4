// Vercel Edge: as in Cloudflare Workers, the wasm is a module of the build.

import module from "../../wasm/stytch_edge_bg.wasm?module";

import { boot } from "../engine.js";

// Next.js compiles it outside of its sandbox, where the class is another one.
if (!(module instanceof WebAssembly.Module)) Object.setPrototypeOf(module, WebAssembly.Module.prototype);
boot(module, { shares_pending: false });
