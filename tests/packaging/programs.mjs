// The programs of docs/guide/testing.md with a mock. tests/emulator runs its other programs.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { matches, same } from "../conformance/assert.js";
import { blockWith } from "./blocks.mjs";
import { newProject } from "./project.mjs";

const TESTING = "docs/guide/testing.md";

/** Tests of the programs, by name. */
export const programTests = {
  "the tests with a mock in testing.md pass": async () => {
    matches(await printedBy("const mock ="), /\bpass 2\b.*\bfail 0\b/s);
  },
  "the program with a signed session in testing.md accepts the session": async () => {
    same(await printedBy("new SignJWT("), "authenticated user-test-1\n");
  },
};

/** The output of the block with these words. Fails if the program fails. */
async function printedBy(words) {
  const folder = newProject("program", [], { "program.js": blockWith(TESTING, words) }, ["jose"]);
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "program.js")]);
  return stdout;
}
