// Headless Chromium: pages of the server's origin, which import bundles. Each first check runs
// in a new context with an empty cache.

import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { startBrowser } from "../runtimes/inside/browser.mjs";
import { bundle, WASM_FOLDER } from "../runtimes/inside/bundle.mjs";
import { contestantsOf, PARTS } from "./inside/contestants.mjs";
import { sessionId } from "./inside/laps.mjs";
import { inRounds } from "./inside/measure.mjs";
import { measureParts, STARTS } from "./profile.mjs";

/** The runtime. The server serves `folder`. `before` describes an older package. */
export async function chromium(folder, before) {
  await fill(folder, before);
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
    laps: ({ server, plan, freshFrom, contestants }) => call("laps", { server, plan, freshFrom, contestants }),
    growth: ({ server, plan }) => call("growth", { server, plan }),
    parts: ({ rounds, ...given }) =>
      measureParts(rounds, (start) => call("parts", { ...given, ...start })),
    starts: ({ server, plan, tokens }, contestants) =>
      inRounds(plan, Object.keys(contestants), async (name) => {
        const { page, end } = await open(browser, server);
        const { found, took } = await page.evaluate(firstCheck, { ...contestants[name], server, token: tokens[0] });
        await end();
        if (found !== sessionId(0)) throw new Error(`${name} returned ${found}`);
        return took;
      }, plan.starts),
    end: () => browser.close(),
  };
}

/** This function runs in the page. */
async function firstCheck({ module, keys, server, token }) {
  const started = performance.now();
  const make = (await import(`/bundled/${module}.js`))[keys];
  const found = await make(server)(token);
  return { found, took: performance.now() - started };
}

async function open(browser, { url }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/empty.html`);
  return { page, end: () => context.close() };
}

async function fill(folder, before) {
  await mkdir(join(folder, "bundled/before"), { recursive: true });
  // The locations that the bundles expect.
  await symlink(WASM_FOLDER, join(folder, "wasm"));
  if (before) await symlink(before.wasm, join(folder, "bundled/wasm"));
  await writeFile(join(folder, "empty.html"), "<!doctype html>\n<link rel=icon href=data:,>\n");
  const entries = { laps: "page.mjs", growth: "growth-page.mjs", parts: "parts-page.mjs" };
  for (const { entry } of STARTS) entries[`entry-${entry}`] = `entries/${entry}.mjs`;
  for (const part of PARTS) {
    for (const { module } of Object.values(contestantsOf(part, "chromium", before))) {
      const [, older] = module.split("/");
      entries[module] = older ? pathToFileURL(join(before.contestants, `${older}.mjs`)).href : `contestants/${module}.mjs`;
    }
  }
  for (const [name, entry] of Object.entries(entries)) {
    await bundle(new URL(entry, new URL("inside/", import.meta.url)).href, {
      condition: "browser",
      outfile: join(folder, `bundled/${name}.js`),
      define: {},
      format: "esm",
      // A page fetches the wasm and does not import it.
      wasm: () => undefined,
    });
  }
}
