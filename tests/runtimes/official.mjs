// Every method of Stytch's own clients against the emulator as a server: npm stytch here, PyPI stytch in a virtual
// environment. Whole flows with npm stytch and stytch-edge. And tokens with flaws, which verifiers must refuse.

import official from "stytch";
import * as stytch from "stytch-edge";

import { Emulator } from "../conformance/emulator.js";
import { flawTests } from "../official/flaws.mjs";
import { FLOW_TESTS, flowTests } from "../official/flows/tests.mjs";
import { officialClients } from "../official/node/clients.mjs";
import { nodeTests } from "../official/node/tests.mjs";
import { pythonTests } from "../official/python/tests.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { report, runOwn } from "./inside/report.mjs";

const { end, ...ready } = await startEmulator();
const emulator = new Emulator(ready);
const clients = officialClients(official, emulator);
const results = await runOwn({
  ...nodeTests(clients, emulator),
  ...pythonTests(ready),
  ...flawTests(clients, stytch, emulator),
  ...flowTests(clients, stytch, emulator),
});
await end();
report(results, 20 + FLOW_TESTS);
