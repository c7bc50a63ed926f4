// Starts the server under test in Node or in workerd, and measures its memory. Both end with this process.

import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { bundleWorker } from "../runtimes/inside/bundle.mjs";
import { temporaryFolder } from "../runtimes/inside/folder.mjs";
import { oneWorker, serveWorkers } from "../runtimes/inside/serve-workers.mjs";

/**
 * The servers. Each is started with the object of `guarded`, and has `url`, the lines of `stderr`, `end`, and `memory`: bytes by
 * their name in GROWTH_MIB.
 */
export const SERVERS = {
  async node(given) {
    const child = spawn(process.execPath, ["--expose-gc", inside("node-server.mjs"), JSON.stringify(given)], { stdio: "pipe" });
    const stderr = linesOf(child.stderr);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const listening = new Promise((resolve) => createInterface(child.stdout).once("line", resolve));
    const line = await Promise.race([listening, ended]);
    if (typeof line !== "string") throw new Error(`the server in Node ended before it listened: ${stderr.join("\n")}`);
    const { url } = JSON.parse(line);
    const end = () => {
      child.stdin.end();
      return ended;
    };
    return { url, stderr, end, isRunning: () => child.exitCode === null, memory: ({ heap, wasm }) => ({ heap, wasm }) };
  },

  async workerd(given) {
    const folder = temporaryFolder("soak");
    await bundleWorker(inside("worker.mjs"), folder, { define: { GIVEN: JSON.stringify(given) } });
    const config = oneWorker("2025-03-01").replace("services = [", `v8Flags = ["--expose-gc"],\n  services = [`);
    await writeFile(join(folder, "config.capnp"), config);
    const { urls, end, child } = await serveWorkers(folder, ["worker"], "pipe");
    const memory = async (state) => ({ resident: await residentBytes(child.pid), wasm: state.wasm });
    return { url: urls.worker, stderr: linesOf(child.stderr), end, isRunning: () => child.exitCode === null, memory };
  },
};

/** The resident memory of a process, from Linux's /proc. */
async function residentBytes(id) {
  const text = await readFile(`/proc/${id}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)[1]) * 1_024;
}

function linesOf(stream) {
  const lines = [];
  createInterface(stream).on("line", (line) => lines.push(line));
  return lines;
}

const inside = (path) => fileURLToPath(new URL(`inside/${path}`, import.meta.url));
