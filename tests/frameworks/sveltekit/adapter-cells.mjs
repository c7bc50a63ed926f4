// Cells for `stytch-edge/sveltekit`: the checks of all adapters, and those of SvelteKit, in production and in development.

import { checkAdapter } from "../adapter-checks.mjs";
import { WITHOUT_PROJECT, withProject } from "../adapter-project.mjs";
import { checkLogIns } from "../log-in-checks.mjs";
import { checkPrerendered, checkRefreshes, checkScripts, checkScriptsInBrowser } from "./checks.mjs";

export const adapterCells = [
  { name: "sveltekit: the adapter, adapter-node", often: true },
  { name: "sveltekit: the adapter, development server", isDevelopment: true },
].map(({ name, often, isDevelopment }) => ({ name, often, group: "sveltekit", seconds: 30, run: (harness) => run(harness, isDevelopment) }));

async function run(harness, isDevelopment) {
  const cwd = await harness.project("adapter");
  const port = await harness.port();
  const ORIGIN = `http://127.0.0.1:${port}`;
  if (!isDevelopment) await harness.exec("vite", ["build"], { cwd, env: { ...WITHOUT_PROJECT, ORIGIN }, node: "newer" });
  if (!isDevelopment) await harness.exec("tsc", [], { cwd });
  await withProject(harness, async (own, variables) => {
    const env = { HOST: "127.0.0.1", PORT: port, ...variables(port) };
    const [command, given] = isDevelopment ? ["vite", ["dev", "--host", "127.0.0.1", "--port", port]] : ["node", ["build"]];
    const { url } = await harness.serve(command, given, { cwd, env, node: "newer", port });
    await checkHooks(own, url, isDevelopment);
  });
}

/** Fails unless the program `adapter` at `url` behaves as all adapters, and as those of SvelteKit. */
export async function checkHooks(own, url, isDevelopment) {
  await checkAdapter(own, url);
  await checkLogIns(own, url);
  await checkRefreshes(own, url);
  await checkScripts(own, url);
  await checkScriptsInBrowser(own, url);
  if (!isDevelopment) await checkPrerendered(url);
}
