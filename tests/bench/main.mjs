// The measurements of `cargo xtask bench`, after the build: stytch-edge, npm stytch, jose,
// fast-jwt and aws-jwt-verify do the same work in every runtime on this machine. The ratios are comparable between
// machines; the times are not.

import { writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { parseArgs } from "node:util";

import { temporaryFolder } from "../runtimes/inside/folder.mjs";
import { prepareBefore } from "./before.mjs";
import { chart } from "./chart.mjs";
import { chromium } from "./chromium.mjs";
import { goalsTable } from "./goals.mjs";
import { contestantsOf, PARTS } from "./inside/contestants.mjs";
import { describeMachine } from "./machine.mjs";
import { nativeTable } from "./native.mjs";
import { FULL, QUICK, slices } from "./plan.mjs";
import { asMarkdown, asText } from "./print.mjs";
import { processRuntime } from "./processes.mjs";
import { partsTable, storedKeys } from "./profile.mjs";
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
    chart: { type: "string" },
    before: { type: "string" },
    profile: { type: "boolean", default: false },
  },
});

const folder = temporaryFolder("bench");
const before = chosen.before ? await prepareBefore(resolve(chosen.before)) : undefined;
const RUNTIMES = {
  node: () => processRuntime("node", before),
  deno: () => processRuntime("deno", before),
  bun: () => processRuntime("bun", before),
  workerd: () => workerd(temporaryFolder("bench-workerd"), before),
  chromium: () => chromium(folder, before),
};

const names = chosen.only.length ? chosen.only : Object.keys(RUNTIMES);
const plan = chosen.quick ? QUICK : FULL;
const { results, tables } = chosen.profile ? await profile() : await compare();
const machine = describeMachine(results, before);

console.log(asText(tables, machine));
if (chosen.table) writeFileSync(chosen.table, asText(tables, machine));
if (chosen.chart) writeFileSync(chosen.chart, chart(results));
if (chosen.markdown) {
  writeFileSync(chosen.markdown, asMarkdown(tables, machine, relative(dirname(chosen.markdown), chosen.chart)));
}
for (const problem of chosen.profile ? [] : growthOf(results)) {
  console.log(`FAIL  ${problem}`);
  process.exitCode = 1;
}

async function compare() {
  const results = await measureAll();
  const tables = [goalsTable(results, plan), ...tablesOf(results, { before, patience: plan.patience })];
  if (chosen.criterion) tables.push(nativeTable(chosen.criterion));
  return { results, tables };
}

async function profile() {
  const project = await makeProject(2);
  const server = await startServer(project, folder);
  const given = { server, store: await storedKeys(server), tokens: project.tokens, rounds: plan.starts };
  const results = {};
  const parts = {};
  for (const name of names) {
    console.log(`${name}: parts of a cold start`);
    const runtime = await runtimeOf(name);
    results[name] = { version: await runtime.version() };
    parts[name] = await runtime.parts(given);
    await runtime.end?.();
  }
  return { results, tables: [partsTable(parts)] };
}

function runtimeOf(name) {
  if (!RUNTIMES[name]) throw new Error(`unknown runtime "${name}"; the runtimes are ${Object.keys(RUNTIMES).join(", ")}`);
  return RUNTIMES[name]();
}

async function measureAll() {
  const { count, freshFrom, loadFrom } = slices(plan);
  console.log(`signing ${count} tokens`);
  const project = await makeProject(count);
  const server = await startServer(project, folder);
  const results = {};
  for (const name of names) {
    const contestants = Object.fromEntries(PARTS.map((part) => [part, contestantsOf(part, name, before)]));
    const given = { server, plan, tokens: project.tokens, freshFrom, loadFrom, contestants };
    const runtime = await runtimeOf(name);
    console.log(`${name}: laps`);
    results[name] = { version: await runtime.version(), ...(await runtime.laps(given)) };
    for (const part of ["given", "start"]) {
      console.log(`${name}: first checks, ${part === "given" ? "keys as an option" : "keys from loopback"}`);
      results[name][part] = await runtime.starts(given, contestants[part]);
    }
    console.log(`${name}: memory`);
    results[name].growth = await runtime.growth(given);
    await runtime.end?.();
  }
  return results;
}
