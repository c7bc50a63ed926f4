// The package in servers: a Worker from wrangler's bundle in workerd, and programs that run
// unchanged.

import { execFile, spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { ok } from "../conformance/assert.js";
import { serveWorkers } from "../runtimes/inside/serve-workers.mjs";
import { newProject } from "./project.mjs";

/** Functions that start a server which verifies the token in the Authorization header. */
export const servers = {
  "a Worker from the bundle of `wrangler deploy --dry-run`": (environment) => {
    return startWorker(newProject("wrangler", ["worker.js", "wrangler.jsonc"]), environment);
  },
};

/** Bundles the project's worker.js for an upload, and starts the bundle. */
export async function startWorker(folder, environment) {
  await dryRun(folder);
  const upload = join(folder, "dist");
  writeFileSync(join(upload, "config.capnp"), workerConfiguration(upload, environment));
  const { urls, end } = await serveWorkers(upload, ["worker"]);
  return { url: urls.worker, end };
}

/** Writes the files of an upload to dist/. The dry run sends no request and asks no questions. */
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
  ok(/--dry-run: exiting now/.test(stdout) && !/warn|error/i.test(stderr), `wrangler printed:\n${stdout}${stderr}\n`);
}

/** A configuration of workerd for the upload: the script, the wasm and the variables. */
function workerConfiguration(folder, environment) {
  const wasm = readdirSync(folder).filter((name) => name.endsWith(".wasm"));
  ok(wasm.length === 1, `expected one wasm file, found ${wasm}`);
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

/** Starts a server that prints its URL when it listens. */
export async function startProgram(program, given, environment) {
  const child = spawn(program, given, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const kill = () => child.kill();
  process.once("exit", kill);
  const url = await Promise.race([
    new Promise((resolve) => createInterface(child.stdout).once("line", resolve)),
    ended,
  ]);
  ok(typeof url === "string", `the server ended with code ${url} before it listened`);
  const end = () => {
    process.off("exit", kill);
    kill();
    return ended;
  };
  return { url, end };
}
