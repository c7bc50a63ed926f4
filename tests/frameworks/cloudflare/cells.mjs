// A Worker: with wrangler, with @cloudflare/vite-plugin, and in Cloudflare's Vitest plugin.

import { matches } from "../../conformance/assert.js";
import { checkAdapter } from "../adapter-checks.mjs";
import { checkLogIns, logInVariables } from "../log-in-checks.mjs";
import { tokens } from "../tokens.mjs";
import { serveWorker, writeVariables } from "../workers.mjs";

const USUAL = { group: "cloudflare", seconds: 5, often: true };

export const cells = [
  {
    ...USUAL,
    name: "cloudflare: wrangler",
    awkward: true,
    run: async (harness) => {
      const { url } = await serveWorker(harness, { cwd: await harness.project("worker") });
      await harness.guard.check(url);
    },
  },
  {
    ...USUAL,
    name: "cloudflare: the adapter and the log-in routes, with wrangler, and with @cloudflare/vite-plugin built and in development",
    seconds: 25,
    run: async (harness) => {
      const cwd = await harness.project(["worker", "log-in"]);
      await harness.exec("vite", ["build"], { cwd, node: "newer" });
      for (const given of [[], ["--config", "dist/worker/wrangler.json"]]) {
        const { url, end } = await serveWorker(harness, { cwd, given, more: (port) => logInVariables(harness, port) });
        await checkAdapter(harness, url);
        await checkLogIns(harness, url);
        await end();
      }
      await checkDevelopment(harness, cwd);
    },
  },
  {
    ...USUAL,
    name: "cloudflare: @cloudflare/vite-plugin",
    run: async (harness) => {
      const cwd = await harness.project("worker");
      await harness.exec("vite", ["build"], { cwd, node: "newer" });
      const { url } = await serveWorker(harness, { cwd, given: ["--config", "dist/worker/wrangler.json"] });
      await harness.guard.check(url);
    },
  },
  {
    ...USUAL,
    name: "cloudflare: @cloudflare/vitest-plugin",
    run: async (harness) => {
      const cwd = await harness.project("worker");
      const output = await harness.exec("vitest", ["run"], { cwd, node: "newer", env: await tokens(harness) });
      matches(output, /^ +Tests +3 passed \(3\)$/m, "the output of Vitest");
    },
  },
];

/** The development server of Vite, which runs the Worker in workerd. */
async function checkDevelopment(harness, cwd) {
  const port = await harness.port();
  writeVariables(harness, cwd, logInVariables(harness, port));
  const { url } = await harness.serve("vite", ["dev", "--host", "127.0.0.1", "--port", port], { cwd, node: "newer", port });
  await checkAdapter(harness, url);
  await checkLogIns(harness, url);
}
