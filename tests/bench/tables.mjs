// The results as tables: medians, and ratios. If a ratio is greater than 1, the first contestant is
// faster. A ratio is the median of one ratio per round, so that a machine that slows down
// during the run does not distort it.

import { beforeOf, columns, pairsWithBefore, reasonsOf } from "./inside/contestants.mjs";
import { isQuiet, median, medianRatio, noiseOf, PERMITTED_NOISE, shown } from "./numbers.mjs";

const OURS = "stytch-edge";

/** One row per part of a result: its title, its unit, and pairs of contestants in addition to `PAIRS`. */
export const SUBJECTS = [
  { of: "first", title: "First check of a token", unit: "microseconds per check" },
  {
    of: "again",
    title: "Repeated check of the same token",
    unit: "microseconds per check",
    pairs: [["without await", "fast-jwt"], ["authenticateRequest", OURS]],
  },
  {
    of: "given",
    title: "First check of a process, with imports, and with keys as an option",
    unit: "milliseconds; in workerd since the start of its process",
    pairs: [["verify entry", "jose"], ["verify entry", "fast-jwt"]],
  },
  {
    of: "start",
    title: "First check of a process, with imports, and with keys from loopback",
    unit: "milliseconds; in workerd since the start of its process",
    pairs: [["verify entry", "jose"]],
  },
  {
    of: "loadFirst",
    title: "Over HTTP: first check of each token",
    unit: "checks per second",
    more: true,
    pairs: [["authenticateRequest", "no check"]],
  },
  {
    of: "loadAgain",
    title: "Over HTTP: repeated checks of 20 tokens",
    unit: "checks per second",
    more: true,
    pairs: [["authenticateRequest", "no check"]],
  },
];

/** The pairs of every table. */
const PAIRS = ["once more", "stytch", "jose", "fast-jwt", "aws-jwt-verify"].map((name) => [OURS, name]);

/** The speed of `one` divided by the speed of `other` in a part of the results, or undefined if one of them did not take part. */
export function ratioOf(of, found, [one, other]) {
  if (!found?.[one] || !found[other]) return undefined;
  const { more } = SUBJECTS.find((subject) => subject.of === of);
  return more ? medianRatio(found[one], found[other]) : medianRatio(found[other], found[one]);
}

/** A table is `{ title, unit, parts, notes }`. Each part is a list of rows; the first row is its head. */
export function tablesOf(results, { before, patience }) {
  const tables = SUBJECTS.map((subject) => tableOf(subject, results, before, patience));
  return [...tables, memoryTable(results)].filter(({ parts }) => parts[0].length > 1);
}

/** Messages about runtimes whose wasm memory is larger after many checks or clients than after few. */
export function growthOf(results) {
  return Object.entries(results).flatMap(([runtime, { growth }]) =>
    Object.entries(growth)
      .filter(([, [few, many]]) => few !== many)
      .map(
        ([of, [few, many]]) =>
          `${runtime}: the wasm memory grew with the number of ${of}, from ${few} to ${many} bytes`,
      ),
  );
}

function tableOf({ of, title, unit, pairs = [] }, results, before, patience) {
  const rows = Object.entries(results).filter(([, result]) => result[of]).map(([runtime, result]) => [runtime, result[of]]);
  const names = columns(before).filter((name) => rows.some(([, found]) => found[name]));
  const compared = [...PAIRS, ...pairs, ...(before ? pairsWithBefore() : [])].filter((pair) =>
    rows.some(([, found]) => ratioOf(of, found, pair)),
  );
  const times = rows.map(([runtime, found]) => [
    runtime,
    ...names.map((name) => (found[name] ? shown(median(found[name])) : "")),
  ]);
  const ratios = rows.map(([runtime, found]) => [
    runtime,
    ...compared.map((pair) => ratioOf(of, found, pair)).map((ratio) => (ratio ? `${shown(ratio)} x` : "")),
  ]);
  const ratioHead = compared.map(([one, other]) => {
    const name = other === beforeOf(one) ? "before" : other;
    return one === OURS ? `to ${name}` : `${one} to ${name}`;
  });
  return {
    title,
    unit,
    parts: [[["runtime", ...names], ...times], [["runtime", ...ratioHead], ...ratios]],
    notes: [...reasonsOf(of, rows.map(([runtime]) => runtime)), ...(patience > 1 ? noiseNotes(rows) : [])],
  };
}

/** The runtimes in which the noise did not fall below the limit. */
function noiseNotes(rows) {
  return rows
    .filter(([, found]) => !isQuiet(found))
    .map(([runtime, found]) => {
      const percent = (noiseOf(found) * 100).toFixed(0);
      const rounds = found[OURS].length;
      return `${runtime}: the machine was too busy; stytch-edge differed from itself by ${percent} % after ${rounds} rounds, and ${PERMITTED_NOISE * 100} % is the limit`;
    });
}

function memoryTable(results) {
  const rows = Object.entries(results).map(([runtime, { growth }]) => [
    runtime,
    ...[...growth.checks, ...growth.clients].map((bytes) => String(bytes / 1024)),
  ]);
  const head = ["runtime", "few checks", "many checks", "few clients", "many clients"];
  return { title: "Memory of the wasm", unit: "KiB", parts: [[head, ...rows]], notes: [] };
}
