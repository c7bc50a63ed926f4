// Cells for `stytch-edge/nuxt`: the checks of all adapters and those of Nuxt, in production and in development, on Node and on
// Cloudflare Workers.

import { checkAdapter } from "../adapter-checks.mjs";
import { WITHOUT_PROJECT, withProject } from "../adapter-project.mjs";
import { checkLogIns } from "../log-in-checks.mjs";
import { serveWorker } from "../workers.mjs";
import { checkBrowser, checkPages, checkRefreshes } from "./checks.mjs";

export const adapterCells = [
  { name: "nuxt: the adapter, on Node", often: true, seconds: 50, serve: onNode },
  { name: "nuxt: the adapter, on Cloudflare", seconds: 55, serve: onCloudflare },
  { name: "nuxt: the adapter, development server", seconds: 25, serve: inDevelopment },
].map(({ name, often, seconds, serve }) => ({ name, often, seconds, group: "nuxt", run: (harness) => run(harness, serve) }));

async function run(harness, serve) {
  const cwd = await harness.project("adapter");
  await withProject(harness, async (own, variables) => {
    const { url } = await serve(harness, cwd, variables);
    await checkAdapter(own, url);
    await checkLogIns(own, url);
    await checkRefreshes(own, url);
    await checkPages(own, url);
    await checkBrowser(own, url);
  });
}

const build = (harness, cwd, preset) => harness.exec("nuxt", ["build"], { cwd, env: { ...WITHOUT_PROJECT, NITRO_PRESET: preset }, node: "newer" });

/** Compiles the TypeScript of the server and of the app, with the declarations that `nuxt build` has written. */
export async function checkTypes(harness, cwd) {
  for (const part of ["server", "app"]) await harness.exec("tsc", ["--noEmit", "--project", `.nuxt/tsconfig.${part}.json`], { cwd });
}

async function onNode(harness, cwd, variables) {
  await build(harness, cwd, "node-server");
  await checkTypes(harness, cwd);
  const port = await harness.port();
  const env = { HOST: "127.0.0.1", PORT: port, ...variables(port) };
  return harness.serve("node", [".output/server/index.mjs"], { cwd, env, node: "newer", port });
}

async function onCloudflare(harness, cwd, variables) {
  await build(harness, cwd, "cloudflare-module");
  return serveWorker(harness, { cwd, given: WORKER, more: variables });
}

async function inDevelopment(harness, cwd, variables) {
  const port = await harness.port();
  return harness.serve("nuxt", ["dev", "--host", "127.0.0.1", "--port", port], { cwd, env: variables(port), node: "newer", port });
}

/** The command line that Nitro prints after a build, with a date and the flag that Nitro requires. */
export const WORKER = [
  ...[".output/server/index.mjs", "--assets", ".output/public"],
  ...["--compatibility-date", "2026-10-01", "--compatibility-flags", "nodejs_compat"],
];
