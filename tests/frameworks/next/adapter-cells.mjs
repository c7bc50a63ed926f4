// Cells for `stytch-edge/next`: the checks of all adapters, and those of Next.js, in production and in development, with both
// bundlers, with and without `cacheComponents`, and with the proxy in the Edge runtime.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkAdapter } from "../adapter-checks.mjs";
import { WITHOUT_PROJECT, withProject } from "../adapter-project.mjs";
import { checkLogIns } from "../log-in-checks.mjs";
import { checkActions, checkParallel, checkRefreshes, checkRoutes } from "./checks.mjs";

export const adapterCells = [
  { name: "next: the adapter, Turbopack", seconds: 50, often: true, options: [] },
  { name: "next: the adapter, webpack", seconds: 65, options: ["--webpack"] },
  { name: "next: the adapter, cacheComponents", seconds: 50, options: [], isCached: true },
  { name: "next: the adapter, development server", seconds: 60, isDevelopment: true, options: [] },
  { name: "next: the adapter, development server, cacheComponents", seconds: 65, isDevelopment: true, options: [], isCached: true },
  { name: "next: the adapter, development server, webpack", seconds: 110, isDevelopment: true, options: ["--webpack"] },
  { name: "next: the adapter, middleware in the Edge runtime, Turbopack", seconds: 55, options: [], isEdge: true },
  { name: "next: the adapter, middleware in the Edge runtime, webpack", seconds: 70, options: ["--webpack"], isEdge: true },
  { name: "next: guardRoute without a proxy", seconds: 35, program: "routes", often: true, options: [] },
  { name: "next: guardRoute without a proxy, development server", seconds: 35, program: "routes", isDevelopment: true, options: [], isCached: true },
].map(({ name, seconds, often, ...cell }) => ({ name, seconds, often, group: "next", run: (harness) => run(harness, cell) }));

async function run(harness, { program = "adapter", options, isCached, isDevelopment, isEdge }) {
  const cwd = await harness.project([program, "log-in", ...(isCached ? ["cached"] : [])]);
  if (isEdge) makeMiddleware(cwd);
  if (!isDevelopment) await harness.exec("next", ["build", ...options], { cwd, env: WITHOUT_PROJECT });
  await withProject(harness, async (project, variables) => {
    const own = { ...project, isStreamed: isCached };
    const port = await harness.port();
    const given = [...(isDevelopment ? ["dev", ...options] : ["start"]), "--hostname", "127.0.0.1", "--port", port];
    const { url } = await harness.serve("next", given, { cwd, env: variables(port), port });
    await checkAdapter(own, url);
    await checkLogIns(own, url);
    if (program === "routes") {
      await checkRoutes(own, url);
      return;
    }
    await checkRefreshes(own, url);
    await checkParallel(own, url);
    await checkActions(own, url);
  });
}

/** Before Next 16, a proxy was a middleware, which runs in the Edge runtime. */
function makeMiddleware(cwd) {
  const text = readFileSync(join(cwd, "proxy.ts"), "utf8");
  rmSync(join(cwd, "proxy.ts"));
  writeFileSync(join(cwd, "middleware.ts"), text.replace("function proxy(", "function middleware("));
}
