// The CommonJS modules for Deno are those for Node, which start the wasm. This file adds what Deno's `fetch` does differently.

import { runtime } from "../runtime.js";

runtime.resends_text = true;
