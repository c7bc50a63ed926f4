// The suite in a page.

import { B2BClient, Client } from "stytch-edge";
import { createEmulator, EmulatorError } from "stytch-emulator";

import { run } from "./suite.js";

globalThis.runSuite = () => run({ runtime: "chromium", createEmulator, EmulatorError, Client, B2BClient });
