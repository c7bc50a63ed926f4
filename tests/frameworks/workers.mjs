// Cloudflare Workers of the matrix: `wrangler dev` bundles them, if they are not bundled yet, and
// runs them in workerd. No request leaves this machine.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { matches } from "../conformance/assert.js";

/**
 * Serves the Worker of the project in `cwd`. `given` contains additional arguments for wrangler, and `more` returns additional
 * variables for a port.
 */
export async function serveWorker(harness, { cwd, given = [], more = () => ({}) }) {
  const [port, inspectorPort] = [await harness.port(), await harness.port()];
  const variables = Object.entries({ ...harness.environment, ...more(port) }).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  const address = ["--ip", "127.0.0.1", "--port", port, "--inspector-port", inspectorPort];
  const options = [...given, ...address, "--show-interactive-dev-session=false", ...variables];
  return harness.serve("wrangler", ["dev", ...options], { cwd, node: "newer", port });
}

/** Writes a Worker's variables, and `more`, to a file, for development servers without a command line for variables. */
export function writeVariables(harness, folder, more = {}) {
  const lines = Object.entries({ ...harness.environment, ...more }).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, ".dev.vars"), lines.join(""));
}

/** Fails unless the server's output matches within 30 seconds. */
export async function printed(server, pattern) {
  for (let tries = 0; tries < 300 && !pattern.test(server.output()); tries += 1) await pause(100);
  matches(server.output(), pattern, "the output of the server");
}
