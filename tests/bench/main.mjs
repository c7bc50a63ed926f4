// The measurements of `cargo xtask bench`, after the build: stytch-edge, npm stytch and jose
// do the same work in every runtime on this machine. The ratios are comparable between
// machines; the times are not.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { temporaryFolder } from "../runtimes/inside/folder.mjs";
import { chromium } from "./chromium.mjs";
import { describeMachine } from "./machine.mjs";
import { nativeTable } from "./native.mjs";
import { FULL, QUICK, slices } from "./plan.mjs";
import { asMarkdown, asText } from "./print.mjs";
import { processRuntime } from "./processes.mjs";
import { startServer } from "./server.mjs";
import { growthOf, tablesOf } from "./tables.mjs";
import { makeProject } from "./tokens.mjs";
import { workerd } from "./workerd.mjs";

const { values: chosen } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    criterion: { type: "string" },
    table: { type: "string" },
    markdown: { type: "string" },
  },
});

const folder = temporaryFolder("bench");
const RUNTIMES = {
  node: () => processRuntime("node"),
  deno: () => processRuntime("deno"),
  bun: () => processRuntime("bun"),
  workerd: () => workerd(temporaryFolder("bench-workerd")),
  chromium: () => chromium(folder),
};

const names = chosen.only.length ? chosen.only : Object.keys(RUNTIMES);
const plan = chosen.quick ? QUICK : FULL;
const results = await measureAll();
const tables = tablesOf(results);
if (chosen.criterion) tables.push(nativeTable(chosen.criterion));
const machine = describeMachine(results);

console.log(asText(tables, machine));
if (chosen.table) writeFileSync(chosen.table, asText(tables, machine));
if (chosen.markdown) writeFileSync(chosen.markdown, asMarkdown(tables, machine));
for (const problem of growthOf(results)) {
  console.log(`FAIL  ${problem}`);
  process.exitCode = 1;
}

async function measureAll() {
  const { count, lap, load } = slices(plan);
  console.log(`signing ${count} tokens`);
  const project = await makeProject(count);
  const server = await startServer(project, folder);
  const given = {
    server,
    plan,
    tokens: project.tokens,
    freshFrom: Array.from({ length: plan.rounds }, (_, round) => lap(round)),
    loadFrom: Array.from({ length: plan.load.rounds }, (_, round) => load(round)),
  };
  const results = {};
  for (const name of names) {
    if (!RUNTIMES[name]) throw new Error(`unknown runtime "${name}"; the runtimes are ${Object.keys(RUNTIMES).join(", ")}`);
    const runtime = await RUNTIMES[name]();
    console.log(`${name}: laps`);
    results[name] = { version: await runtime.version(), ...(await runtime.laps(given)) };
    console.log(`${name}: first checks`);
    results[name].start = await runtime.starts(given);
    console.log(`${name}: memory`);
    results[name].growth = await runtime.growth(given);
    await runtime.end?.();
  }
  return results;
}
