// The tests as a Cloudflare Worker. The runner's bundle replaces EMULATOR.

import { run } from "./suite.mjs";

/* global EMULATOR */

export default {
  fetch: async () => Response.json(await run(EMULATOR)),
};
