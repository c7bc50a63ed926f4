// Starts an emulator for one runner. It ends with this process, because its standard input is
// a pipe from this process.

import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Starts an emulator. Returns the data that it prints when it is ready, `end`, which stops it, and `commit`, a number made
 * from the hash of the commit, by which tests choose a share of slow cases; absent if all cases run.
 */
export async function startEmulator(more = []) {
  const binary = process.env.STYTCH_EMULATOR_BIN;
  if (!binary) throw new Error("STYTCH_EMULATOR_BIN must name the emulator's binary");
  const child = spawn(binary, ["--port", "0", "--end-with-stdin", "--quiet", ...more], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve, reject) => {
    child.once("exit", resolve);
    child.once("error", reject);
  });
  const ready = new Promise((resolve) => createInterface(child.stdout).once("line", resolve));
  const line = await Promise.race([ready, ended]);
  if (typeof line !== "string") throw new Error(`the emulator ended with code ${line} before it was ready`);
  const end = () => {
    child.stdin.end();
    return ended;
  };
  return { ...JSON.parse(line), end, ...(process.env.STYTCH_CELLS !== "all" && { commit: commit() }) };
}

function commit() {
  const hash = execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim();
  const number = parseInt(hash.slice(0, 8), 16);
  console.log(`commit ${hash}: share ${(number % 3) + 1} of 3 of the fault matrix; every row in node-import and workerd`);
  return number;
}
