// The parts of a cold start in each runtime: what the time of a first check consists of, for the origins of the keys.

import { Client } from "stytch-edge";

import { turned } from "./inside/measure.mjs";
import { median, shown } from "./numbers.mjs";

/** The measured cold starts: an entry of the package (a file in inside/entries/), and the origin of the keys. */
export const STARTS = [
  { entry: "stytch-edge", keys: "given" },
  { entry: "stytch-edge", keys: "fetched" },
  { entry: "stytch-edge", keys: "store" },
  { entry: "verify", keys: "given" },
];

/** Milliseconds by part, for each start of STARTS and each round. `one(start)` measures one cold start. */
export async function measureParts(rounds, one) {
  const found = STARTS.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const at of turned(STARTS.map((_, at) => at), round)) found[at].push(await one(STARTS[at]));
  }
  return found;
}

/** The entries that a client writes to a store after it has fetched the keys. */
export async function storedKeys({ url, project_id }) {
  const entries = {};
  const store = { get: async () => null, put: async (key, value) => void (entries[key] = value) };
  await new Client({ project_id, secret: "none", custom_base_url: url, store, isolated: true }).loadKeys();
  return entries;
}

/** The table of all runtimes. */
export function partsTable(results) {
  const rows = Object.entries(results).flatMap(([runtime, found]) =>
    STARTS.map(({ entry, keys }, at) => {
      const medians = Object.keys(PARTS).map((part) => {
        const times = found[at].map((parts) => parts[part]).filter((ms) => ms !== undefined);
        return times.length ? median(times) : undefined;
      });
      const sum = median(found[at].map((parts) => SUMMED.reduce((ms, part) => ms + (parts[part] ?? 0), 0)));
      return [`${runtime}, ${entry}, ${ORIGINS[keys]}`, ...medians.map((ms) => (ms === undefined ? "" : shown(ms))), shown(sum)];
    }),
  );
  const head = ["runtime, entry and keys", ...Object.values(PARTS), "to the first check"];
  return { title: "Parts of a cold start", unit: "milliseconds", parts: [[head, ...rows]], notes: NOTES };
}

const ORIGINS = { given: "as an option", fetched: "from loopback", store: "from a store" };

const PARTS = {
  modules: "modules",
  decode: "base64",
  compile: "compile",
  instantiate: "instantiate",
  client: "construct",
  keys: "load keys",
  fetch: "fetch",
  first: "first check",
  other: "another token",
  again: "first token again",
};

/** The parts up to the first check. */
const SUMMED = ["modules", "decode", "compile", "instantiate", "client", "keys", "fetch", "first"];

const NOTES = [
  '"modules": reading and evaluating the package without the parts that have a column; "fetch": the keys, and in Chromium the wasm',
  "workerd: differences between Workers without the package, with its wasm and with the package; the round trip of a request is subtracted",
];
