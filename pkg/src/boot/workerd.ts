// Cloudflare Workers: the wasm is a module that the bundler uploads; workerd forbids
// compiling at run time. No request may await another's I/O there.

import * as workers from "cloudflare:workers";
import module from "../../wasm/stytch_edge_bg.wasm?module";

import { boot } from "../engine.js";

boot(module, { shares_pending: false, ...(workers.waitUntil && { wait_until: workers.waitUntil }) });
