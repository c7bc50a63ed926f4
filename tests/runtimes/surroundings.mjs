// Programs whose built-in objects were changed before the package is loaded: frozen, as SES does, or with properties on
// Object.prototype. And a program whose first failure of the wasm is an exhausted stack. In Node, Deno, Bun and workerd, each
// in a process or an isolate of its own.

import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { same } from "../conformance/assert.js";
import { bundleWorker } from "./inside/bundle.mjs";
import { program } from "./inside/child.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { oneWorker, serveWorkers } from "./inside/serve-workers.mjs";
import { MODES } from "./inside/surroundings-before.mjs";
import { EXPECTED } from "./inside/surroundings.mjs";

const inside = fileURLToPath(new URL("inside/surroundings-process.mjs", import.meta.url));
const folder = temporaryFolder("surroundings");

const PROCESSES = {
  node: [process.execPath, []],
  deno: [program("deno"), ["run", "--no-prompt", "--no-remote", "--no-lock", "--allow-env"]],
  bun: [program("bun"), ["run"]],
};

const tests = {};
for (const mode of MODES) {
  for (const [runtime, [command, options]] of Object.entries(PROCESSES)) {
    tests[`${runtime}: ${mode}`] = () => {
      // Standard error is not inherited: Node reports there that a promise was rejected on an exhausted stack.
      const output = execFileSync(command, [...options, inside, mode], { encoding: "utf8", stdio: "pipe" });
      same(output.trim(), JSON.stringify(EXPECTED));
    };
  }
  tests[`workerd: ${mode}`] = async () => same(await inWorkerd(mode), JSON.stringify(EXPECTED));
}
report(await runOwn(tests), 16);

async function inWorkerd(mode) {
  const own = join(folder, String(MODES.indexOf(mode)));
  await mkdir(own);
  const define = { MODE: JSON.stringify(mode) };
  await bundleWorker("surroundings-worker.mjs", own, { define });
  await writeFile(join(own, "config.capnp"), oneWorker("2025-03-01"));
  const { urls, end } = await serveWorkers(own, ["worker"]);
  try {
    return await (await fetch(urls.worker)).text();
  } finally {
    await end();
  }
}
