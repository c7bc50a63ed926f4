// The suite as tests of Jest, in its default CommonJS mode.

import { B2BClient, Client } from "stytch-edge";
import { createEmulator, EmulatorError } from "stytch-emulator";

import { tests } from "../suite.js";

/* global test */
for (const [name, body] of Object.entries(tests({ runtime: "jest", createEmulator, EmulatorError, Client, B2BClient }))) test(name, async () => void (await body()));
