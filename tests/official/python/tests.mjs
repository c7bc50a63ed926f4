// The tests of PyPI stytch against the emulator: every method of its three clients, whole flows, and the quickstart.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { deepSame, same } from "../../conformance/assert.js";
import { pythonWithStytch } from "./environment.mjs";

/** The synchronous methods that PyPI stytch has, and the methods that succeed. Both are exact. */
const METHODS = 226;
const SUCCEEDED = 226;

/** The flows that flows.py runs. */
const FLOWS = 28;

const SANDBOX_USER = "user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd";

export function pythonTests(ready) {
  let python;
  const run = (script, args = [], env = {}) =>
    execFileSync(python, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
      encoding: "utf8",
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...env },
      timeout: 120_000,
    });
  let outcomes = {};
  const tests = {
    "installs PyPI stytch in a virtual environment": () => {
      python = pythonWithStytch();
    },
    "drives the clients of PyPI stytch": () => {
      outcomes = JSON.parse(run("harness.py", [JSON.stringify(ready)]));
    },
  };
  for (const client of ["Client", "B2BClient", "SamlShieldClient"]) {
    tests[`every method of PyPI stytch's ${client} succeeds, or its route is missing`] = () =>
      deepSame(outcomes[`${client} sync`].problems, {});
  }
  for (const client of ["Client", "B2BClient"]) {
    tests[`the asynchronous methods of PyPI stytch's ${client} succeed, too`] = () => {
      const [variants, methods] = [outcomes[`${client} async`], outcomes[`${client} sync`]];
      deepSame(variants.problems, {});
      deepSame(variants.succeeded, methods.succeeded);
    };
  }
  tests[`${SUCCEEDED} of ${METHODS} methods of PyPI stytch succeed`] = () => {
    const all = Object.entries(outcomes).flatMap(([name, outcome]) => (name.endsWith(" sync") ? [outcome] : []));
    const sum = (count) => all.reduce((total, outcome) => total + count(outcome), 0);
    const methods = sum((outcome) => outcome.methods);
    const succeeded = sum((outcome) => outcome.succeeded.length);
    const missing = sum((outcome) => outcome.missing.length);
    console.log(`PyPI stytch: ${succeeded} of ${methods} methods succeed, ${missing} are missing`);
    same(methods, METHODS, "methods");
    same(succeeded, SUCCEEDED, "methods that succeed (if there are more now, raise SUCCEEDED in tests/official/python/tests.mjs)");
    same(missing, METHODS - SUCCEEDED, "missing methods");
  };
  tests["whole flows with PyPI stytch end as they must"] = () => {
    const problems = JSON.parse(run("flows.py", [JSON.stringify(ready)]));
    same(Object.keys(problems).length, FLOWS, "flows");
    const failed = Object.values(problems).filter((problem) => problem !== null);
    if (failed.length > 0) throw new Error(failed.join("\n"));
  };
  tests["the quickstart of the SDK for Python runs against the emulator"] = () => {
    const { url, consumer } = ready;
    const printed = run("quickstart.py", [], {
      STYTCH_PROJECT_ID: consumer.project_id,
      STYTCH_SECRET: consumer.secret,
      STYTCH_ENVIRONMENT: url,
    });
    deepSame(printed.trim().split("\n"), [SANDBOX_USER, SANDBOX_USER]);
  };
  return tests;
}
