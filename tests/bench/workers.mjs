// The text of a config.capnp for several Workers, each with a socket of its own and the wasm
// files in its folder. They can reach loopback addresses only.

import { readdirSync } from "node:fs";
import { join, relative } from "node:path";

const COMPATIBILITY_DATE = "2025-03-01";

/** The configuration in `folder` for the Workers in other folders. The Workers and sockets are named `worker-0` and so on. */
export function configOf(workers, folder) {
  const services = workers.map((worker, at) => {
    const file = (name) => JSON.stringify(join(relative(folder, worker), name));
    const wasms = readdirSync(worker).filter((name) => name.endsWith(".wasm"));
    return `    (name = "worker-${at}", worker = (
      modules = [
        (name = "worker.js", esModule = embed ${file("worker.js")}),
${wasms.map((name) => `        (name = "${name}", wasm = embed ${file(name)}),\n`).join("")}      ],
      compatibilityDate = "${COMPATIBILITY_DATE}",
      globalOutbound = "loopback")),`;
  });
  const sockets = workers.map(
    (_, at) => `    (name = "worker-${at}", address = "127.0.0.1:0", http = (), service = "worker-${at}"),`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
${services.join("\n")}
    (name = "loopback", network = (allow = ["127.0.0.0/8"])),
  ],
  sockets = [
${sockets.join("\n")}
  ]);
`;
}
