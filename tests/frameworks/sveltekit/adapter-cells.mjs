// Cells for `stytch-edge/sveltekit`: the checks of all adapters, and those of SvelteKit, in production and in development.

import { startEmulator } from "../../runtimes/inside/emulator.mjs";
import { checkAdapter } from "../adapter-checks.mjs";
import { GuardChecks } from "../guard-checks.mjs";
import { checkLogIns, logInVariables } from "../log-in-checks.mjs";
import { checkPrerendered, checkRefreshes, checkScripts, checkScriptsInBrowser } from "./checks.mjs";

/** The variables of the deployment are absent at build time. */
export const WITHOUT_PROJECT = { STYTCH_PROJECT_ID: undefined, STYTCH_SECRET: undefined, STYTCH_BASE_URL: undefined };

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
  await startProject(harness, async (own, variables) => {
    const env = { HOST: "127.0.0.1", PORT: port, ...variables(port) };
    const [command, given] = isDevelopment ? ["vite", ["dev", "--host", "127.0.0.1", "--port", port]] : ["node", ["build"]];
    const { url } = await harness.serve(command, given, { cwd, env, node: "newer", port });
    await checkHooks(own, url, isDevelopment);
  });
}

/** Runs a test with an emulator of its own, because the checks count its requests. `variables` are those of the program. */
export async function startProject(harness, test) {
  const { end, ...emulator } = await startEmulator();
  try {
    const own = { guard: new GuardChecks(emulator), browser: () => harness.browser() };
    const { project_id, secret } = emulator.consumer;
    await test(own, (port) => ({ STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret, STYTCH_BASE_URL: emulator.url, ...logInVariables(own, port) }));
  } finally {
    await end();
  }
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
