// The project of a program with an adapter: an emulator of its own, because the checks count its requests, and its variables.

import { startEmulator } from "../runtimes/inside/emulator.mjs";
import { GuardChecks } from "./guard-checks.mjs";
import { logInVariables } from "./log-in-checks.mjs";

/** The variables of the deployment are absent at build time. */
export const WITHOUT_PROJECT = { STYTCH_PROJECT_ID: undefined, STYTCH_SECRET: undefined, STYTCH_BASE_URL: undefined };

/**
 * Runs a test with a new emulator. It is called with what the checks need, and with a function that returns the variables of the
 * program for its port.
 */
export async function withProject(harness, test) {
  const { end, ...emulator } = await startEmulator();
  try {
    const own = { guard: new GuardChecks(emulator), browser: () => harness.browser() };
    const { project_id, secret } = emulator.consumer;
    const project = { STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret, STYTCH_BASE_URL: emulator.url };
    await test(own, (port) => ({ ...project, ...logInVariables(own, port) }));
  } finally {
    await end();
  }
}
