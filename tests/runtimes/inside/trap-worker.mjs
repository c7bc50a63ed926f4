// The trap tests as a Cloudflare Worker.

// First, so that it sees the wasm start.
import * as trapping from "./trapping.mjs";
import { runOwn } from "./report.mjs";
import { trapTests } from "./traps.mjs";
import * as stytch from "stytch-edge";

export default {
  fetch: async () => Response.json(await runOwn(await trapTests(stytch, trapping))),
};
