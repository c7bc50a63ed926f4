// Headless Chromium: pages on the stand's origin, which import bundles. Each first
// check is made in a context of its own, so nothing lies in its cache.

import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { startBrowser } from "../runtimes/inside/browser.mjs";
import { bundle, WASM } from "../runtimes/inside/bundle.mjs";
import { CONTESTANTS, sessionId } from "./inside/laps.mjs";
import { measureStarts } from "./inside/measure.mjs";

/** What is bundled, by the name it is imported as. */
const BUNDLES = {
  laps: "page.mjs",
  growth: "growth-page.mjs",
  ours: "contestants/ours.mjs",
  sync: "contestants/sync.mjs",
  stytch: "contestants/stytch.mjs",
  jose: "contestants/jose.mjs",
};

/** The runtime; `folder` is what the stand serves. */
export async function chromium(folder) {
  await fill(folder);
  const browser = await startBrowser();
  const call = async (name, given) => {
    const { page, end } = await open(browser, given.stand);
    const found = await page.evaluate(
      async ([name, given]) => (await import(`/bundled/${name}.js`))[name](given),
      [name, given],
    );
    await end();
    return found;
  };
  return {
    version: async () => browser.version(),
    laps: ({ stand, plan, freshFrom }) => call("laps", { stand, plan, freshFrom }),
    growth: ({ stand, plan }) => call("growth", { stand, plan }),
    starts: ({ stand, plan, tokens }) =>
      measureStarts(CONTESTANTS, plan.starts, async (module) => {
        const { page, end } = await open(browser, stand);
        const { found, took } = await page.evaluate(firstCheck, { module, stand, token: tokens[0] });
        await end();
        if (found !== sessionId(0)) throw new Error(`${module} gave ${found}`);
        return took;
      }),
    end: () => browser.close(),
  };
}

/** Runs in the page. */
async function firstCheck({ module, stand, token }) {
  const started = performance.now();
  const { default: make } = await import(`/bundled/${module}.js`);
  const found = await make(stand)(token);
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
  // Where the bundles look for it.
  await symlink(dirname(WASM), join(folder, "wasm"));
  await writeFile(join(folder, "empty.html"), "<!doctype html>\n<link rel=icon href=data:,>\n");
  for (const [name, entry] of Object.entries(BUNDLES)) {
    await bundle(new URL(`inside/${entry}`, import.meta.url).href, {
      condition: "browser",
      outfile: join(folder, `bundled/${name}.js`),
      define: {},
      format: "esm",
      // A page's wasm is no import.
      wasm: () => undefined,
    });
  }
}
