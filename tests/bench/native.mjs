// The native arithmetic, from the reports of criterion.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Microseconds by key, for a verification by each implementation and the preparation of a key. */
export function nativeTable(folder) {
  const [ours, rsa, prepared] = ["verify/stytch-edge", "verify/rsa", "prepare a key/stytch-edge"].map((path) =>
    join(folder, path),
  );
  const rows = keysIn(ours).map((key) => {
    const [here, there, before] = [ours, rsa, prepared].map((path) => microseconds(join(path, key)));
    return [key, here.toFixed(1), there.toFixed(1), `${(there / here).toFixed(2)} x`, before.toFixed(1)];
  });
  const head = ["key", "stytch-edge", "crate rsa", "to rsa", "preparing the key"];
  return { title: "Native arithmetic", unit: "microseconds per signature", parts: [[head, ...rows]], notes: [] };
}

function microseconds(folder) {
  const { median } = JSON.parse(readFileSync(join(folder, "new/estimates.json"), "utf8"));
  return median.point_estimate / 1000;
}

/** The folders of the keys. Another folder contains criterion's own report. */
const keysIn = (folder) => readdirSync(folder).filter((name) => /^\d+ bits/.test(name)).sort();
