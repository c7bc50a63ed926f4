// The programs of docs/guide/testing.md.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { Client } from "stytch-edge";

import { deepSame, matches, same } from "../conformance/assert.js";
import { blockWith } from "./blocks.mjs";
import { loadedFunction } from "./loaded.mjs";
import { newProject } from "./project.mjs";

const TESTING = "docs/guide/testing.md";

/** Tests of the programs, by name. `ready` is the line of a running emulator, `logIn` begins a session there. */
export function programTests(ready, logIn) {
  return {
    "the tests with a mock in testing.md pass": async () => {
      matches(await printedBy("const mock ="), /\bpass 2\b.*\bfail 0\b/s);
    },
    "the program with a signed session in testing.md accepts the session": async () => {
      same(await printedBy("new SignJWT("), "authenticated user-test-1\n");
    },
    "the program for the emulator in testing.md logs a user in": async () => {
      matches(await printedBy("process.env.EMULATOR", { EMULATOR: JSON.stringify(ready) }), /^user-test-/);
    },
    "the test of an outage in testing.md ends the outage": async () => {
      const outage = await loadedFunction(TESTING, `kind: "status"`, "url, client, session_token, console");
      const client = new Client({ ...ready.consumer, custom_base_url: ready.url });
      const { session_token } = await logIn();
      const printed = [];
      await outage(ready.url, client, session_token, { log: (...words) => printed.push(words) });
      deepSame(printed, [["unavailable", "api_unavailable"]]);
      same((await client.sessions.authenticate({ session_token })).status_code, 200, "the status after the outage");
    },
  };
}

/** The output of the block with these words. Fails if the program fails. */
async function printedBy(words, variables) {
  const folder = newProject("program", [], { "program.js": blockWith(TESTING, words) }, ["jose"]);
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "program.js")], { env: { ...process.env, ...variables } });
  return stdout;
}
