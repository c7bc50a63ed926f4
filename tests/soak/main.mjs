// `cargo xtask soak`: servers in Node and workerd under mixed honest and hostile load, with faults of the API, and a table of
// checks. Exits with code 1 if a check fails.
//
//   node main.mjs [--seconds 30] [--seed <number>] [--only node|workerd] [--break <name>]
//
// `--break` makes an error in the server on purpose (inside/breaks.mjs). Then the code is 0 if the check that must find it failed.

import { parseArgs } from "node:util";

import { checksOf } from "./checks.mjs";
import { breakWith } from "./inside/breaks.mjs";
import { SHORTEST_SECONDS } from "./plan.mjs";
import { soak } from "./run.mjs";
import { SERVERS } from "./servers.mjs";

const { values } = parseArgs({
  options: { seconds: { type: "string" }, seed: { type: "string" }, only: { type: "string" }, break: { type: "string" } },
});
const seconds = Number(values.seconds ?? SHORTEST_SECONDS);
const seed = Number(values.seed ?? 1 + Math.floor(Math.random() * 1_000_000));
const runtimes = values.only ? [values.only] : Object.keys(SERVERS);
if (!(seconds >= SHORTEST_SECONDS)) throw new Error(`--seconds must be at least ${SHORTEST_SECONDS}`);
if (!Number.isSafeInteger(seed)) throw new Error("--seed must be a whole number");
if (!runtimes.every((name) => name in SERVERS)) throw new Error(`--only must be ${Object.keys(SERVERS).join(" or ")}`);
const { check } = breakWith(values.break);

const started = Date.now();
const log = (runtime) => (text) => console.log(`${((Date.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${runtime}: ${text}`);
console.log(`soak of ${seconds} s, --seed ${seed}`);
const runs = await Promise.all(runtimes.map((runtime) => soak({ runtime, seconds, seed, broken: values.break, log: log(runtime) })));

let [passed, failed] = [0, 0];
let isFound = true;
for (const run of runs) {
  const rows = checksOf(run);
  console.log(`\n${run.runtime}, ${run.sent} requests, --seed ${seed}`);
  for (const { number, name, measured, bound, isGood } of rows) {
    console.log(`${isGood ? "ok  " : "FAIL"}  ${String(number).padStart(2)}  ${name.padEnd(50)}${measured.padStart(24)}${bound.padStart(14)}`);
  }
  const bad = rows.filter(({ isGood }) => !isGood);
  if (bad.length > 0) for (const example of [...run.findings.examples, ...run.errors.slice(0, 5)]) console.log(`      ${example}`);
  isFound &&= bad.some(({ number }) => number === check);
  failed += bad.length;
  passed += rows.length - bad.length;
}
if (check !== undefined) console.log(`check ${check} ${isFound ? "found" : "did not find"} ${values.break}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = (check === undefined ? failed === 0 : isFound) ? 0 : 1;
