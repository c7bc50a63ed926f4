// Nuxt, and with it Nitro, for Node, Cloudflare Workers and Vercel's edge: a route of the API,
// a page behind middleware, and a page that checks tokens in the browser.

import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { program } from "../../runtimes/inside/child.mjs";
import { checkPage } from "../pages.mjs";
import { printed, serveWorker } from "../workers.mjs";

export const cells = [
  {
    name: "nuxt: Node, deployed without node_modules",
    group: "nuxt",
    seconds: 20,
    often: true,
    run: async (stand) => {
      const project = await built(stand, "node-server", {});
      const cwd = stand.elsewhere("deployed");
      cpSync(join(project, ".output"), cwd, { recursive: true });
      const port = await stand.port();
      const env = { HOST: "127.0.0.1", PORT: port };
      await check(stand, await stand.serve("node", ["server/index.mjs"], { cwd, env, node: "newer", port }));
    },
  },
  {
    name: "nuxt: Cloudflare, in workerd",
    group: "nuxt",
    seconds: 30,
    often: true,
    run: async (stand) => {
      const cwd = await built(stand, "cloudflare-module", { experimental: { wasm: true } });
      await check(stand, await serveWorker(stand, { cwd, given: WORKER }));
    },
  },
  {
    name: "nuxt: Cloudflare without the line that it needs: the error names it",
    group: "nuxt",
    seconds: 25,
    run: async (stand) => {
      const cwd = await built(stand, "cloudflare-module", {});
      await printed(await serveWorker(stand, { cwd, given: WORKER }), /Error: .*experimental: \{ wasm: true \}/);
    },
  },
  {
    name: "nuxt: Vercel Edge, in edge-runtime",
    group: "nuxt",
    seconds: 25,
    often: true,
    run: async (stand) => {
      const cwd = await built(stand, "vercel-edge", {
        experimental: { wasm: true },
        // Otherwise Nitro writes the wasm into the script, and Vercel's Edge runtime compiles none.
        wasm: { esmImport: true, lazy: false },
      });
      const port = await stand.port();
      const entry = ".vercel/output/functions/__fallback.func/index.mjs";
      const given = ["--experimental-vm-modules", EDGE, entry, port];
      const { url } = await stand.serve("node", given, { cwd, node: "newer", port });
      await stand.visits.check(`${url}/api/me`);
      await stand.visits.check(`${url}/account`);
    },
  },
  {
    name: "nuxt: Deno, deployed without node_modules",
    group: "nuxt",
    seconds: 20,
    run: async (stand) => {
      const project = await built(stand, "deno-server", {});
      const cwd = stand.elsewhere("deployed");
      cpSync(join(project, ".output"), cwd, { recursive: true });
      const port = await stand.port();
      // The task `start` that Nitro writes into deno.json.
      const allowed = ["--allow-net", "--allow-read", "--allow-write", "--allow-env"];
      const given = ["run", ...allowed, "--unstable-byonm", "--unstable-node-globals", "server/index.mjs"];
      const env = { DENO_DIR: stand.elsewhere("deno"), DENO_NO_UPDATE_CHECK: "1", HOST: "127.0.0.1", PORT: port };
      await check(stand, await stand.serve(program("deno"), given, { cwd, env, port }));
    },
  },
  {
    name: "nuxt: development server",
    group: "nuxt",
    seconds: 15,
    run: async (stand) => {
      const cwd = await stand.project("app");
      writeConfiguration(cwd, {});
      const port = await stand.port();
      const given = ["dev", "--host", "127.0.0.1", "--port", port];
      await check(stand, await stand.serve("nuxt", given, { cwd, node: "newer", port }));
    },
  },
];

/** The program, built with a preset and options of Nitro. */
async function built(stand, preset, nitro) {
  const cwd = await stand.project("app");
  writeConfiguration(cwd, nitro);
  await stand.exec("nuxt", ["build"], { cwd, env: { NITRO_PRESET: preset }, node: "newer" });
  return cwd;
}

function writeConfiguration(cwd, nitro) {
  const options = JSON.stringify({ compatibilityDate: "2026-10-01", nitro });
  writeFileSync(join(cwd, "nuxt.config.js"), `export default defineNuxtConfig(${options});\n`);
}

async function check(stand, { url }) {
  await stand.visits.check(`${url}/api/me`);
  await stand.visits.check(`${url}/account`);
  await checkPage(stand, `${url}/verify?project_id=${stand.environment.STYTCH_PROJECT_ID}`);
}

/** As Nitro prints it at the end of a build, with a date and the flag that Nitro asks for. */
const WORKER = [
  ...[".output/server/index.mjs", "--assets", ".output/public"],
  ...["--compatibility-date", "2026-10-01", "--compatibility-flags", "nodejs_compat"],
];
const EDGE = fileURLToPath(new URL("../edge.mjs", import.meta.url));
