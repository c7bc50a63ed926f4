// What was found, as tables: medians, and ratios in which more than 1 is in favour
// of stytch-edge. A ratio is the median of the rounds' own ratios, so that a
// machine that slows down in the middle does not decide.

import { median, medianRatio } from "./numbers.mjs";

const OURS = "stytch-edge";

/** One table each: what of a result it shows, in which unit, and what is to be reached against npm stytch. */
const SUBJECTS = [
  {
    of: "first",
    title: "A token seen for the first time",
    unit: "microseconds a check",
    wanted: { node: 2.5, deno: 20, bun: 1.6, workerd: 1.1 },
  },
  {
    of: "again",
    title: "The same token again",
    unit: "microseconds a check",
    wanted: { node: 20, deno: 20, bun: 20, workerd: 10, chromium: 20 },
  },
  {
    of: "start",
    title: "The first check, loading included, keys fetched from loopback",
    unit: "milliseconds; in workerd from the start of its process",
    wanted: { node: 1, deno: 1, bun: 1, workerd: 1, chromium: 1 },
  },
  {
    of: "loadFirst",
    title: "Over HTTP, tokens seen for the first time",
    unit: "checks a second",
    more: true,
    wanted: {},
  },
  {
    of: "loadAgain",
    title: "Over HTTP, the same few tokens",
    unit: "checks a second",
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

/** Where the wasm has more memory after many than after few, in words. */
export function growthOf(results) {
  return Object.entries(results).flatMap(([runtime, { growth }]) =>
    Object.entries(growth)
      .filter(([, [few, many]]) => few !== many)
      .map(
        ([of, [few, many]]) =>
          `${runtime}: the wasm's memory grew with the number of ${of}, from ${few} to ${many} bytes`,
      ),
  );
}

function tableOf({ of, title, unit, wanted, more }, results) {
  const shown = Object.entries(results).filter(([, result]) => result[of]);
  const names = [...new Set(shown.flatMap(([, result]) => Object.keys(result[of]).sort(byPlace)))];
  const others = names.filter((name) => ![OURS, "without await", "nobody"].includes(name));
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
  return { title: "The wasm's memory", unit: "KiB", rows: [head, ...rows] };
}

/** As they stand in the tables, whoever was first in a round. */
function byPlace(one, other) {
  return PLACES.indexOf(one) - PLACES.indexOf(other);
}

/** Three digits that say something. */
function number(value) {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

const PLACES = [OURS, "once more", "without await", "stytch", "jose", "nobody"];
