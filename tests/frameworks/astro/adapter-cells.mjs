// Cells for `stytch-edge/astro`: the checks of all adapters and those of Astro, in production and in development, for Node and for
// Cloudflare Workers.

import { failure, matches } from "../../conformance/assert.js";
import { checkAdapter } from "../adapter-checks.mjs";
import { WITHOUT_PROJECT, withProject } from "../adapter-project.mjs";
import { checkLogIns } from "../log-in-checks.mjs";
import { serveWorker } from "../workers.mjs";
import { checkBrowser, checkPages, checkProxy, checkRefreshes } from "./checks.mjs";

export const adapterCells = [
  { name: "astro: the adapter, on Node", often: true, seconds: 35, serve: onNode },
  { name: "astro: the adapter, on Cloudflare", seconds: 30, serve: onCloudflare, program: "adapter-cloudflare" },
  { name: "astro: the adapter, development server", seconds: 20, serve: inDevelopment, isDevelopment: true },
].map(({ name, often, seconds, ...cell }) => ({ name, often, seconds, group: "astro", run: (harness) => run(harness, cell) }));

async function run(harness, { serve, program = "adapter-node", isDevelopment }) {
  const cwd = await harness.project(["adapter", program]);
  await withProject(harness, async (project, variables) => {
    const own = { ...project, isDevelopment };
    const { url } = await serve(harness, cwd, variables);
    await checkAdapter(own, url);
    await checkLogIns(own, url);
    await checkRefreshes(own, url);
    await checkPages(own, url);
    if (program === "adapter-node") await checkProxy(url);
    await checkBrowser(own, url);
  });
}

async function onNode(harness, cwd, variables) {
  const guarded = () => harness.exec("astro", ["build"], { cwd, node: "newer", env: { ...WITHOUT_PROJECT, GUARD_STILL: "1" } });
  matches(String(await failure(guarded, "a build with a guarded page")), /\/still\/? is prerendered, so its requests are not checked/);
  await harness.exec("astro", ["build"], { cwd, node: "newer", env: WITHOUT_PROJECT });
  await harness.exec("tsc", ["--noEmit"], { cwd });
  const port = await harness.port();
  const env = { HOST: "127.0.0.1", PORT: port, ...variables(port) };
  return harness.serve("node", ["dist/server/entry.mjs"], { cwd, env, node: "newer", port });
}

async function onCloudflare(harness, cwd, variables) {
  await harness.exec("astro", ["build"], { cwd, node: "newer", env: WITHOUT_PROJECT });
  // Without `--bundle`, `wrangler dev` does not read a body that the Worker has not read, and the next request fails.
  return serveWorker(harness, { cwd, given: ["--bundle"], more: variables });
}

async function inDevelopment(harness, cwd, variables) {
  const port = await harness.port();
  return harness.serve("astro", ["dev", "--host", "127.0.0.1", "--port", port], { cwd, env: variables(port), node: "newer", port });
}
