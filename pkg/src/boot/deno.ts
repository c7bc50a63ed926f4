// Deno. The wasm is started by another file; this file adds what Deno's `fetch` does differently.

import { runtime } from "../runtime.js";

runtime.resends_text = true;
