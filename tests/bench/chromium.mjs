// Headless Chromium: pages of the server's origin, which import bundles. Each first check runs
// in a new context with an empty cache.

import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { startBrowser } from "../runtimes/inside/browser.mjs";
import { bundle, WASM } from "../runtimes/inside/bundle.mjs";
import { CONTESTANTS, sessionId } from "./inside/laps.mjs";
import { measureStarts } from "./inside/measure.mjs";

/** The entries of the bundles, by the name of the import. */
const BUNDLES = {
  laps: "page.mjs",
  growth: "growth-page.mjs",
  ours: "contestants/ours.mjs",
  sync: "contestants/sync.mjs",
  stytch: "contestants/stytch.mjs",
  jose: "contestants/jose.mjs",
};

/** The runtime. The server serves `folder`. */
export async function chromium(folder) {
  await fill(folder);
  const browser = await startBrowser();
  const call = async (name, given) => {
    const { page, end } = await open(browser, given.server);
    const found = await page.evaluate(
      async ([name, given]) => (await import(`/bundled/${name}.js`))[name](given),
      [name, given],
    );
    await end();
    return found;
  };
  return {
    version: async () => browser.version(),
    laps: ({ server, plan, freshFrom }) => call("laps", { server, plan, freshFrom }),
    growth: ({ server, plan }) => call("growth", { server, plan }),
    starts: ({ server, plan, tokens }) =>
      measureStarts(CONTESTANTS, plan.starts, async (module) => {
        const { page, end } = await open(browser, server);
        const { found, took } = await page.evaluate(firstCheck, { module, server, token: tokens[0] });
        await end();
        if (found !== sessionId(0)) throw new Error(`${module} returned ${found}`);
        return took;
      }),
    end: () => browser.close(),
  };
}

/** This function runs in the page. */
async function firstCheck({ module, server, token }) {
  const started = performance.now();
  const { default: make } = await import(`/bundled/${module}.js`);
  const found = await make(server)(token);
  return { found, took: performance.now() - started };
}

async function open(browser, { url }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/empty.html`);
  return { page, end: () => context.close() };
}

async function fill(folder) {
  await mkdir(join(folder, "bundled"));
  // The location that the bundles expect.
  await symlink(dirname(WASM), join(folder, "wasm"));
  await writeFile(join(folder, "empty.html"), "<!doctype html>\n<link rel=icon href=data:,>\n");
  for (const [name, entry] of Object.entries(BUNDLES)) {
    await bundle(new URL(`inside/${entry}`, import.meta.url).href, {
      condition: "browser",
      outfile: join(folder, `bundled/${name}.js`),
      define: {},
      format: "esm",
      // A page fetches the wasm and does not import it.
      wasm: () => undefined,
    });
  }
}
