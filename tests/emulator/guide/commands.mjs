// The commands of the guides.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A path in tests/emulator. */
export const inFolder = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Starts the server in a folder. Returns the line that it prints when it is ready. */
export async function startServer(options, folder) {
  const command = [inFolder("node_modules/stytch-emulator/dist/cli.js"), ...options, "--end-with-stdin"];
  const child = spawn(process.execPath, command, { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  const ended = new Promise((resolve) => child.once("close", resolve));
  const line = await Promise.race([new Promise((resolve) => createInterface(child.stdout).once("line", resolve)), ended]);
  if (typeof line !== "string") throw new Error(`the server ended with code ${line}: ${log}`);
  return { ready: JSON.parse(line), end: () => (child.stdin.end(), ended) };
}

/** Runs the text of a step of a workflow, as GitHub Actions does. `end` stops programs that it has left running. */
export function startStep(text, folder, env) {
  const child = spawn("bash", ["-e", "-c", text], { cwd: folder, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"], detached: true });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  const end = () => {
    try {
      process.kill(-child.pid, "SIGTERM");
    } catch {
      // Every program of the step has ended.
    }
  };
  process.once("exit", end);
  const ended = new Promise((resolve) => child.once("exit", (code) => resolve({ code, output })));
  return { ended, end };
}
