// The text of a config.capnp for several Workers, each with a socket of its own and the
// package's wasm. They can reach loopback addresses only.

import { join, relative } from "node:path";

const COMPATIBILITY_DATE = "2025-03-01";

/** The configuration in `folder` for the Workers in other folders. The Workers and sockets are named `worker-0` and so on. `wasm: false` leaves out the wasm. */
export function configOf(workers, folder, { wasm = true } = {}) {
  const services = workers.map((worker, at) => {
    const file = (name) => JSON.stringify(join(relative(folder, worker), name));
    return `    (name = "worker-${at}", worker = (
      modules = [
        (name = "worker.js", esModule = embed ${file("worker.js")}),
${wasm ? `        (name = "stytch_edge.wasm", wasm = embed ${file("stytch_edge.wasm")}),\n` : ""}      ],
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
