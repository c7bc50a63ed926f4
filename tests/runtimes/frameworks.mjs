// The matrix of frameworks, bundlers and test runners: each cell builds and runs a small
// program that uses the package from its tarball, against the emulator.
//
// node tests/runtimes/frameworks.mjs [--all] [part of a name ...]
// STYTCH_CELLS=all is the same as --all. Without arguments, the cells marked `often` run, and a
// share of the others that the commit's hash chooses.

import { execFileSync } from "node:child_process";

import { collectCells } from "../frameworks/cells.mjs";
import { choose } from "../frameworks/selection.mjs";
import { Harness } from "../frameworks/harness.mjs";
import { GuardChecks } from "../frameworks/guard-checks.mjs";
import { startBrowser } from "./inside/browser.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { report, runOwn } from "./inside/report.mjs";

const given = process.argv.slice(2);
const all = given.includes("--all") || process.env.STYTCH_CELLS === "all";
const names = given.filter((argument) => argument !== "--all");
const { chosen, left } = choose(collectCells(), { names, all, commit });
print(`${chosen.length} cells run`, chosen);
print(`${left.length} cells do not run`, left);

// The `fetch` of happy-dom sends this origin, the default address of its page.
const { end, ...emulator } = await startEmulator(["--cors", "http://localhost:3000"]);
const { project_id, secret } = emulator.consumer;
let browser;
const shared = {
  guard: new GuardChecks(emulator),
  environment: { STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret, STYTCH_BASE_URL: emulator.url },
  browser: () => (browser ??= startBrowser()),
};
const results = await inLanes(chosen);
await (await browser)?.close();
await end();
report(results, chosen.length);

function commit() {
  return execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim();
}

/** Runs two cells at a time, then the cells that must run alone. */
async function inLanes(cells) {
  const [waiting, alone] = [cells.filter((cell) => !cell.alone), cells.filter((cell) => cell.alone)];
  const results = [];
  const lane = async (waiting) => {
    for (let cell = waiting.shift(); cell; cell = waiting.shift()) results.push(...(await runCell(cell)));
  };
  await Promise.all([lane(waiting), lane(waiting)]);
  await lane(alone);
  return results;
}

async function runCell(cell) {
  console.log(`start ${cell.name}`);
  const results = await runOwn({ [cell.name]: () => withHarness(cell) });
  console.log(`ended ${cell.name} (${results[0].ms} ms)${results[0].problem === undefined ? "" : ": failed"}`);
  return results;
}

async function withHarness(cell) {
  const harness = new Harness(cell, shared);
  let problem;
  try {
    await cell.run(harness);
  } catch (error) {
    problem = error;
  }
  const printed = await harness.end();
  if (!problem) return;
  // The lines of the stack that belong to the cell's own files.
  const lines = `${problem.stack}`.split("\n").filter((line) => /^ +at .*tests\/frameworks\//.test(line));
  problem.stack = [`${problem}`, ...lines, printed && `its servers printed:\n${printed}`].join("\n");
  throw problem;
}

function print(heading, cells) {
  console.log([`${heading}:`, ...cells.map(({ name }) => `  ${name}`)].join("\n"));
}
