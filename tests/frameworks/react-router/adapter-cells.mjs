// Cells for `stytch-edge/react-router`: the checks of all adapters, and those of React Router, in production and in development.

import { checkAdapter } from "../adapter-checks.mjs";
import { WITHOUT_PROJECT, withProject } from "../adapter-project.mjs";
import { checkLogIns } from "../log-in-checks.mjs";
import { serveWorker } from "../workers.mjs";
import { checkPrerendered, checkRefreshes, checkScripts, checkScriptsInBrowser } from "./checks.mjs";

export const adapterCells = [
  { name: "react-router: the adapter, Node", often: true },
  { name: "react-router: the adapter, development server", isDevelopment: true },
  { name: "react-router: the adapter, Cloudflare's Vite plugin, in workerd", isWorker: true },
].map(({ name, often, ...cell }) => ({ name, often, group: "react-router", seconds: 35, run: (harness) => run(harness, cell) }));

async function run(harness, { isDevelopment, isWorker }) {
  const cwd = await harness.project(isWorker ? ["adapter", "cloudflare", "adapter-cloudflare"] : "adapter");
  if (!isDevelopment) {
    await harness.exec("react-router", ["build"], { cwd, env: WITHOUT_PROJECT, node: "newer" });
  }
  if (!isDevelopment && !isWorker) {
    await harness.exec("react-router", ["typegen"], { cwd, node: "newer" });
    await harness.exec("tsc", [], { cwd });
  }
  await withProject(harness, async (own, variables) => {
    const port = await harness.port();
    const env = { HOST: "127.0.0.1", PORT: port, ...variables(port) };
    const [command, given] = isDevelopment
      ? ["react-router", ["dev", "--host", "127.0.0.1", "--port", port]]
      : ["react-router-serve", ["build/server/index.js"]];
    const server = isWorker ? serveWorker(harness, { cwd, more: variables }) : harness.serve(command, given, { cwd, env, node: "newer", port });
    const { url } = await server;
    await checkAdapter(own, url);
    await checkLogIns(own, url);
    await checkRefreshes(own, url);
    await checkScripts(own, url);
    await checkScriptsInBrowser(own, url);
    if (!isDevelopment && !isWorker) await checkPrerendered(own, url);
  });
}
