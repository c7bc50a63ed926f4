// The machine and the versions of a measurement.

import { readFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, release, totalmem } from "node:os";

const PACKAGES = ["stytch-edge", "stytch", "jose", "fast-jwt", "aws-jwt-verify"];

/** Lines that describe the machine, the runtimes and the packages. */
export function describeMachine(results, before) {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const runtimes = Object.entries(results).map(([name, { version }]) => `${name} ${version}`);
  return [
    `${cpu?.model.trim() ?? "a processor"}, ${cpus().length} cores, ${gigabytes} GB`,
    `${platform()} ${release()} ${arch()}`,
    `load of the machine at the end: ${loadavg()[0].toFixed(1)}`,
    runtimes.join(", "),
    PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(", "),
    ...(before ? [`before: stytch-edge ${before.version}`] : []),
  ];
}

function versionOf(name) {
  return JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
}
