// The suite as a Cloudflare Worker.

import { B2BClient, Client } from "stytch-edge";
import { createEmulator, EmulatorError } from "stytch-emulator";

import { run } from "./suite.js";

export default {
  async fetch() {
    return Response.json(await run({ runtime: "workerd", createEmulator, EmulatorError, Client, B2BClient }));
  },
};
