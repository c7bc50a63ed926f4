// The results as tables: medians, and ratios. If a ratio is greater than 1, stytch-edge is
// faster. A ratio is the median of one ratio per round, so that a machine that slows down
// during the run does not distort it.

import { median, medianRatio } from "./numbers.mjs";

const OURS = "stytch-edge";

/** One row per table: the part of a result, its unit, and the wanted ratio to npm stytch. */
const SUBJECTS = [
  {
    of: "first",
    title: "First check of a token",
    unit: "microseconds per check",
    wanted: { node: 2.5, deno: 20, bun: 1.6, workerd: 1.1 },
  },
  {
    of: "again",
    title: "Repeated check of the same token",
    unit: "microseconds per check",
    wanted: { node: 20, deno: 20, bun: 20, workerd: 10, chromium: 20 },
  },
  {
    of: "start",
    title: "First check of a process, with imports, and with keys from loopback",
    unit: "milliseconds; in workerd since the start of its process",
    wanted: { node: 1, deno: 1, bun: 1, workerd: 1, chromium: 1 },
  },
  {
    of: "loadFirst",
    title: "Over HTTP: first check of each token",
    unit: "checks per second",
    more: true,
    wanted: {},
  },
  {
    of: "loadAgain",
    title: "Over HTTP: repeated checks of 20 tokens",
    unit: "checks per second",
    more: true,
    wanted: {},
  },
];

/** A table is `{ title, unit, rows }`; the first row is its head. */
export function tablesOf(results) {
  return [...SUBJECTS.map((subject) => tableOf(subject, results)), memoryTable(results)].filter(
    ({ rows }) => rows.length > 1,
  );
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

function tableOf({ of, title, unit, wanted, more }, results) {
  const shown = Object.entries(results).filter(([, result]) => result[of]);
  const names = [...new Set(shown.flatMap(([, result]) => Object.keys(result[of]).sort(byColumn)))];
  const others = names.filter((name) => ![OURS, "without await", "no check"].includes(name));
  const head = ["runtime", ...names, ...others.map((name) => `to ${name}`), "wanted"];
  const ratio = (found, name) =>
    more ? medianRatio(found[OURS], found[name]) : medianRatio(found[name], found[OURS]);
  const rows = shown.map(([runtime, { [of]: found }]) => [
    runtime,
    ...names.map((name) => (found[name] ? number(median(found[name])) : "")),
    ...others.map((name) => `${number(ratio(found, name))} x`),
    verdict(wanted[runtime], () => ratio(found, "stytch")),
  ]);
  return { title, unit, rows: [head, ...rows] };
}

function verdict(wanted, ratio) {
  if (!wanted) return "";
  return `${wanted} x stytch: ${ratio() >= wanted ? "reached" : "missed"}`;
}

function memoryTable(results) {
  const rows = Object.entries(results).map(([runtime, { growth }]) => [
    runtime,
    ...[...growth.checks, ...growth.clients].map((bytes) => String(bytes / 1024)),
  ]);
  const head = ["runtime", "few checks", "many checks", "few clients", "many clients"];
  return { title: "Memory of the wasm", unit: "KiB", rows: [head, ...rows] };
}

/** The order of the columns, independent of the order in a round. */
function byColumn(one, other) {
  return COLUMNS.indexOf(one) - COLUMNS.indexOf(other);
}

/** The number with three significant digits. */
function number(value) {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

const COLUMNS = [OURS, "once more", "without await", "stytch", "jose", "no check"];
