// The goals of the project as a table: ratios of speeds in this run, and whether they are large
// enough.

import { isQuiet, shown } from "./numbers.mjs";
import { ratioOf } from "./tables.mjs";

const EVERYWHERE = ["node", "deno", "bun", "workerd", "chromium"];
const everywhere = (least) => Object.fromEntries(EVERYWHERE.map((runtime) => [runtime, least]));

/** The part of the results, the pair of contestants, and the smallest ratio of their speeds by runtime. */
const GOALS = [
  {
    title: "first check of a token",
    of: "first",
    pair: ["stytch-edge", "stytch"],
    least: { node: 2.5, deno: 20, bun: 1.6, workerd: 1.1 },
  },
  { title: "repeated check", of: "again", pair: ["stytch-edge", "stytch"], least: { workerd: 8 } },
  { title: "repeated check", of: "again", pair: ["without await", "fast-jwt"], least: { node: 1 } },
  // At most 1.5 times the time.
  { title: "repeated check", of: "again", pair: ["authenticateRequest", "stytch-edge"], least: everywhere(1 / 1.5) },
  { title: "first check of a process, keys as an option", of: "given", pair: ["stytch-edge", "jose"], least: everywhere(1) },
  {
    title: "guarded requests per second, repeated tokens",
    of: "loadAgain",
    pair: ["authenticateRequest", "no check"],
    least: { workerd: 0.9 },
  },
];

/** The table. It says so if the machine was too busy for a measurement that waits for less noise. */
export function goalsTable(results, { patience }) {
  const rows = GOALS.flatMap(({ title, of, pair, least }) =>
    Object.entries(results)
      .filter(([runtime, result]) => least[runtime] && result[of])
      .map(([runtime, { [of]: found }]) => {
        const ratio = ratioOf(of, found, pair);
        const reached = ratio >= least[runtime] ? "reached" : "missed";
        const busy = patience === 1 || isQuiet(found) ? "" : ", too busy";
        return [title, runtime, pair.join(" to "), `${shown(least[runtime])} x`, `${shown(ratio)} x`, reached + busy];
      }),
  );
  const head = ["goal", "runtime", "speed of", "wanted", "measured", "result"];
  return { title: "Goals", unit: "ratios", parts: [[head, ...rows]], notes: [] };
}
