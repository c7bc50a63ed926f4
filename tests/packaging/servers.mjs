// The package in servers: a Worker as wrangler bundles it for an upload, in workerd, and
// programs that are started as they are.

import { execFile, spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { ok } from "../conformance/assert.js";
import { serveWorkers } from "../runtimes/inside/serve-workers.mjs";
import { newProject } from "./project.mjs";

/** Ways to start a server that checks the token in its Authorization header. */
export const servers = {
  "a Worker that `wrangler deploy --dry-run` has bundled": (environment) => {
    return startWorker(newProject("wrangler", ["worker.js", "wrangler.jsonc"]), environment);
  },
};

/** Bundles the project's worker.js for an upload, and starts that. */
export async function startWorker(folder, environment) {
  await dryRun(folder);
  const upload = join(folder, "dist");
  writeFileSync(join(upload, "config.capnp"), workerConfiguration(upload, environment));
  const { urls, end } = await serveWorkers(upload, ["worker"]);
  return { url: urls.worker, end };
}

/** What would be uploaded, in dist/. Nothing leaves this machine, and nobody is asked anything. */
async function dryRun(folder) {
  const tools = process.env.WRANGLER_NODE_BIN;
  const env = {
    ...process.env,
    CI: "true",
    PATH: `${tools}${delimiter}${process.env.PATH}`,
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_WRITE_LOGS: "false",
  };
  const given = ["deploy", "--dry-run", "--outdir", "dist"];
  const { stdout, stderr } = await promisify(execFile)(join(tools, "wrangler"), given, { cwd: folder, env });
  ok(/--dry-run: exiting now/.test(stdout) && !/warn|error/i.test(stderr), `wrangler said:\n${stdout}${stderr}\n`);
}

/** The upload as a configuration of workerd: the script, the wasm beside it, and the variables. */
function workerConfiguration(folder, environment) {
  const wasm = readdirSync(folder).filter((name) => name.endsWith(".wasm"));
  ok(wasm.length === 1, `one wasm file is uploaded, and not ${wasm}`);
  const bindings = Object.entries(environment).map(([name, text]) => `(name = "${name}", text = "${text}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [
        (name = "worker.js", esModule = embed "worker.js"),
        (name = "${wasm[0]}", wasm = embed "${wasm[0]}"),
      ],
      bindings = [${bindings.join(", ")}],
      compatibilityDate = "2025-03-01", globalOutbound = "loopback")),
    (name = "loopback", network = (allow = ["127.0.0.0/8"]))],
  sockets = [(name = "worker", address = "127.0.0.1:0", http = (), service = "worker")]);
`;
}

/** Starts a server that prints its address when it listens. */
export async function startProgram(program, given, environment) {
  const child = spawn(program, given, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  process.once("exit", () => child.kill());
  const url = await Promise.race([
    new Promise((resolve) => createInterface(child.stdout).once("line", resolve)),
    ended,
  ]);
  ok(typeof url === "string", `it ended with ${url} before it listened`);
  const end = () => {
    child.kill();
    return ended;
  };
  return { url, end };
}
