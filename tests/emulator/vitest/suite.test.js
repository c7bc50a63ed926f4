// The suite as tests of Vitest.

import { B2BClient, Client } from "stytch-edge";
import { createEmulator, EmulatorError } from "stytch-emulator";
import { test } from "vitest";

import { tests } from "../suite.js";

for (const [name, body] of Object.entries(tests({ runtime: "vitest", createEmulator, EmulatorError, Client, B2BClient }))) test(name, async () => void (await body()));
