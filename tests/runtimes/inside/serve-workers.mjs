// Starts workerd, the runtime of Cloudflare Workers, with the configuration in a folder. It ends
// with this process.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { WORKERD_WASMS } from "./bundle.mjs";

/** Serves config.capnp of a folder. Returns the URL of each socket after all sockets listen, and the process. */
export async function serveWorkers(folder, sockets, stderr = "inherit") {
  const child = spawn(workerdProgram(), ["serve", "--control-fd=3", join(folder, "config.capnp")], {
    stdio: ["ignore", "inherit", stderr, "pipe"],
  });
  const ended = new Promise((resolve, reject) => {
    child.once("exit", resolve);
    child.once("error", reject);
  });
  // workerd must not outlive this process.
  const kill = () => child.kill();
  process.once("exit", kill);
  const listening = new Promise((resolve) => {
    const urls = {};
    createInterface(child.stdio[3]).on("line", (line) => {
      const { event, socket, port } = JSON.parse(line);
      if (event === "listen") urls[socket] = `http://127.0.0.1:${port}`;
      if (Object.keys(urls).length === sockets.length) resolve(urls);
    });
  });
  const urls = await Promise.race([listening, ended]);
  if (typeof urls !== "object") throw new Error(`workerd ended with code ${urls} before it listened`);
  const end = () => {
    process.off("exit", kill);
    child.kill();
    return ended;
  };
  return { urls, end, child };
}

/** The path of workerd. */
export function workerdProgram() {
  const tools = process.env.WRANGLER_NODE_BIN;
  if (!tools) throw new Error("WRANGLER_NODE_BIN must name the node_modules/.bin folder with workerd");
  return join(tools, "workerd");
}

/** The modules of a Worker in a config.capnp, as `bundleWorker` writes them. */
export const MODULES = [
  `(name = "worker.js", esModule = embed "worker.js")`,
  ...WORKERD_WASMS.map((name) => `(name = "${name}", wasm = embed "${name}")`),
].join(", ");

/** The text of a config.capnp for one Worker with the package's wasm. It can reach loopback addresses only. */
export const oneWorker = (compatibilityDate, compatibilityFlags = []) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [${MODULES}],
      compatibilityDate = "${compatibilityDate}", compatibilityFlags = ${JSON.stringify(compatibilityFlags)}, globalOutbound = "loopback")),
    (name = "loopback", network = (allow = ["127.0.0.0/8"])),
  ],
  sockets = [(name = "worker", address = "127.0.0.1:0", http = (), service = "worker")]);
`;
