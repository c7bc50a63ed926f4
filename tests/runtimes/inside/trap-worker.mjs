// The trap tests as a Cloudflare Worker.

// The first import, so that it wraps `WebAssembly.Instance` before the package is loaded.
import * as trapping from "./trapping.mjs";
import { runOwn } from "./report.mjs";
import { trapTests } from "./traps.mjs";
import * as stytch from "stytch-edge";

export default {
  fetch: async () => Response.json(await runOwn(await trapTests(stytch, trapping))),
};
