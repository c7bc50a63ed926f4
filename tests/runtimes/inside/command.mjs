// The command `stytch-edge` of the installed package, as a child process: output, exit codes, and refused arguments.

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { deepSame, matches, ok, same } from "../../conformance/assert.js";

const manifest = JSON.parse(readFileSync(fileURLToPath(import.meta.resolve("stytch-edge/package.json")), "utf8"));
/** npm links it, as `npx` does. */
const command = fileURLToPath(new URL("../../node_modules/.bin/stytch-edge", import.meta.url));

/** The tests of the command, by name. */
export function commandTests(emulator) {
  const of = ({ project_id, secret }, more) => ({ STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret, STYTCH_BASE_URL: emulator.url, ...more });
  const good = of(emulator.consumer);
  return {
    "doctor prints a line for each finding, without colours, and ends with 0": async () => {
      ok(existsSync(command), "npm links the command");
      for (const [words, env] of [[["doctor"], good], [["doctor", "--b2b"], of(emulator.b2b)]]) {
        const { code, stdout, stderr } = await run(words, env);
        deepSame([code, stderr], [0, ""], stdout);
        same(stdout.split("\n").filter((line) => /^ok {7}/.test(line)).length, 5, stdout);
        ok(!stdout.includes("\u001b"), "the output has no colours");
      }
    },
    "doctor --json prints findings, and an error ends with 1": async () => {
      const { secret, ...rest } = emulator.consumer;
      const wrong = { ...of(rest), STYTCH_SECRET: undefined, STYTCH_PROJECT_SECRET: secret.replace(/.$/, (last) => (last === "A" ? "B" : "A")) };
      const { code, stdout } = await run(["doctor", "--json"], wrong);
      same(code, 1, stdout);
      const severities = JSON.parse(stdout).map(({ code, severity }) => `${code} ${severity}`);
      same(severities[0], "credentials error");
      same((await run(["doctor"], { ...good, STYTCH_BASE_URL: "http://127.0.0.1:9" })).code, 1);
    },
    "wrong usage ends with 2 and does not show the secret; --help and --version end with 0": async () => {
      for (const [words, env, expected] of [
        [[], good, /^Usage: /],
        [["docter"], good, /^unknown argument "docter"/],
        [["doctor", "doctor"], good, /^unknown argument "doctor"/],
        [["doctor", "--colour"], good, /^unknown argument "--colour"/],
        [["doctor"], {}, /STYTCH_PROJECT_ID is not set/],
        [["doctor"], { ...good, STYTCH_SECRET: "hush hush" }, /"secret" in config must/],
      ]) {
        const { code, stdout, stderr } = await run(words, env);
        deepSame([code, stdout], [2, ""], words.join());
        matches(stderr, expected);
        ok(!stderr.includes("hush") && !stderr.includes("    at "), stderr);
      }
      const help = await run(["doctor", "--help"], {});
      deepSame([help.code, help.stderr], [0, ""]);
      matches(help.stdout, /^Usage: stytch-edge doctor/);
      deepSame((await run(["--version"], {})).stdout, `${manifest.version}\n`);
    },
  };
}

/** Runs the command with only these variables. */
function run(words, env) {
  const variables = Object.fromEntries(Object.entries({ PATH: process.env.PATH, ...env }).filter(([, value]) => value !== undefined));
  return new Promise((resolve) => {
    execFile(command, words, { env: variables }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });
}
