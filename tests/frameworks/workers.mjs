// Cloudflare Workers of the matrix: `wrangler dev` bundles them, if they are not bundled yet,
// and runs them in workerd. Nothing leaves this machine.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { matches } from "../conformance/assert.js";

/** Serves the Worker of the project in `cwd`; `given` is more for wrangler's command line. */
export async function serveWorker(stand, { cwd, given = [] }) {
  const [port, inspectorPort] = [await stand.port(), await stand.port()];
  const variables = Object.entries(stand.environment).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  const address = ["--ip", "127.0.0.1", "--port", port, "--inspector-port", inspectorPort];
  const options = [...given, ...address, "--show-interactive-dev-session=false", ...variables];
  return stand.serve("wrangler", ["dev", ...options], { cwd, node: "newer", port });
}

/** Gives a Worker in a development server its variables, where there is no command line for them. */
export function writeVariables(stand, folder) {
  const lines = Object.entries(stand.environment).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, ".dev.vars"), lines.join(""));
}

/** Fails unless the server prints what matches, at once or within half a minute. */
export async function printed(server, pattern) {
  for (let tries = 0; tries < 300 && !pattern.test(server.output()); tries += 1) await pause(100);
  matches(server.output(), pattern, "what the server printed");
}
