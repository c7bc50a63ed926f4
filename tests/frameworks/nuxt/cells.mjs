// Nuxt and Nitro for Node, Cloudflare Workers and Vercel's edge: an API route, a page with
// middleware, and a page that verifies tokens in the browser.

import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { same } from "../../conformance/assert.js";
import { program } from "../../runtimes/inside/child.mjs";
import { opened } from "../expired-sessions.mjs";
import { checkPage } from "../pages.mjs";
import { asked, PROGRAM } from "../requests.mjs";
import { printed, serveWorker } from "../workers.mjs";
import { adapterCells, checkTypes, WORKER } from "./adapter-cells.mjs";

export const cells = [
  {
    name: "nuxt: Node, deployed without node_modules",
    group: "nuxt",
    seconds: 20,
    often: true,
    run: async (harness) => {
      const project = await built(harness, "node-server", {});
      await checkTypes(harness, project);
      const cwd = harness.elsewhere("deployed");
      cpSync(join(project, ".output"), cwd, { recursive: true });
      const port = await harness.port();
      const env = { HOST: "127.0.0.1", PORT: port };
      await check(harness, await harness.serve("node", ["server/index.mjs"], { cwd, env, node: "newer", port }));
    },
  },
  {
    name: "nuxt: Cloudflare, in workerd",
    group: "nuxt",
    seconds: 30,
    often: true,
    run: async (harness) => {
      const cwd = await built(harness, "cloudflare-module", { experimental: { wasm: true } });
      await check(harness, await serveWorker(harness, { cwd, given: WORKER }));
    },
  },
  {
    name: "nuxt: Cloudflare without the required line: the error names it",
    group: "nuxt",
    seconds: 25,
    run: async (harness) => {
      const cwd = await built(harness, "cloudflare-module", {});
      await printed(await serveWorker(harness, { cwd, given: WORKER }), /Error: .*experimental: \{ wasm: true \}/);
    },
  },
  {
    name: "nuxt: Vercel Edge, in edge-runtime",
    group: "nuxt",
    seconds: 25,
    often: true,
    run: async (harness) => {
      const cwd = await built(harness, "vercel-edge", {
        experimental: { wasm: true },
        // Otherwise Nitro writes the wasm into the script, and Vercel's Edge runtime does not compile wasm.
        wasm: { esmImport: true, lazy: false },
      });
      const port = await harness.port();
      const entry = ".vercel/output/functions/__fallback.func/index.mjs";
      const given = ["--experimental-vm-modules", EDGE, entry, port];
      const { url } = await harness.serve("node", given, { cwd, node: "newer", port });
      await checkSessions(harness, url);
    },
  },
  {
    name: "nuxt: Deno, deployed without node_modules",
    group: "nuxt",
    seconds: 20,
    run: async (harness) => {
      const project = await built(harness, "deno-server", {});
      const cwd = harness.elsewhere("deployed");
      cpSync(join(project, ".output"), cwd, { recursive: true });
      const port = await harness.port();
      // The options of the task `start` in Nitro's deno.json.
      const allowed = ["--allow-net", "--allow-read", "--allow-write", "--allow-env"];
      const given = ["run", ...allowed, "--unstable-byonm", "--unstable-node-globals", "server/index.mjs"];
      const env = { DENO_DIR: harness.elsewhere("deno"), DENO_NO_UPDATE_CHECK: "1", HOST: "127.0.0.1", PORT: port };
      await check(harness, await harness.serve(program("deno"), given, { cwd, env, port }));
    },
  },
  {
    name: "nuxt: development server",
    group: "nuxt",
    seconds: 15,
    run: async (harness) => {
      const cwd = await harness.project("app");
      writeConfiguration(cwd, {});
      const port = await harness.port();
      const given = ["dev", "--host", "127.0.0.1", "--port", port];
      await check(harness, await harness.serve("nuxt", given, { cwd, node: "newer", port }));
    },
  },
  ...adapterCells,
];

/** Builds the program with a preset and options of Nitro. Returns its folder. */
async function built(harness, preset, nitro) {
  const cwd = await harness.project("app");
  writeConfiguration(cwd, nitro);
  await harness.exec("nuxt", ["build"], { cwd, env: { NITRO_PRESET: preset }, node: "newer" });
  return cwd;
}

function writeConfiguration(cwd, nitro) {
  const options = JSON.stringify({ compatibilityDate: "2026-10-01", nitro });
  writeFileSync(join(cwd, "nuxt.config.js"), `export default defineNuxtConfig(${options});\n`);
}

/** An API route, and a page, which leads to the log-in page without a session. */
async function checkSessions({ guard }, url) {
  await guard.check(`${url}/api/private/me`);
  for (const path of ["/api/private", "/api/private/", "/api/private?a=b", "/api/%70rivate/me", "/api/private/other"]) {
    same((await asked(url + path, PROGRAM)).status, 401, path);
  }
  await guard.check(`${url}/account`, async (page, { Cookie = "", ...headers }) => {
    const { status, body, lines, headers: given } = await opened(page, Cookie, headers);
    return { status: given.get("location") === "/login?return_to=/account" ? 401 : status, body, cookies: lines };
  });
}

async function check(harness, { url }) {
  await checkSessions(harness, url);
  await checkPage(harness, `${url}/verify?project_id=${harness.environment.STYTCH_PROJECT_ID}`);
}

const EDGE = fileURLToPath(new URL("../edge.mjs", import.meta.url));
