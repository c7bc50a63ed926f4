// Runs the suite in a process of another runtime, whose binary comes from an npm package.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { expectedCount } from "../../conformance/suite.js";
import { startEmulator } from "./emulator.mjs";
import { report } from "./report.mjs";

/**
 * Runs inside/process.mjs with `command`, and reports its results, and the `moreCount` results of `more`, which is
 * called with the emulator.
 */
export async function runInProcess(runtime, command, argumentsFor, more = async () => [], moreCount = 0) {
  const { end, ...emulator } = await startEmulator();
  const inside = fileURLToPath(new URL("process.mjs", import.meta.url));
  const given = JSON.stringify({ runtime, emulator });
  const child = spawn(command, [...argumentsFor(emulator), inside, given], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
  });
  const ended = new Promise((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  let output = "";
  for await (const text of child.stdout.setEncoding("utf8")) output += text;
  const code = await ended;
  const own = await more(emulator);
  await end();
  if (code !== 0) throw new Error(`${runtime} ended with code ${code}: ${output}`);
  report([...JSON.parse(output), ...own], expectedCount(runtime) + moreCount);
}

/** The path of a program that npm has installed for the tests. */
export function program(name) {
  return fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));
}
