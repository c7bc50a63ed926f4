// Astro with its adapters for Node and for Cloudflare Workers: middleware that guards a page,
// and a page whose script verifies tokens in the browser.

import { ok } from "../../conformance/assert.js";
import { checkPage } from "../pages.mjs";
import { asked, PAGE } from "../requests.mjs";
import { serveWorker, writeVariables } from "../workers.mjs";
import { adapterCells } from "./adapter-cells.mjs";

export const cells = [
  {
    name: "astro: Node adapter",
    group: "astro",
    seconds: 8,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project(["app", "node"]);
      await harness.exec("astro", ["build"], { cwd, node: "newer" });
      await harness.exec("tsc", ["--noEmit"], { cwd });
      const port = await harness.port();
      const env = { HOST: "127.0.0.1", PORT: port };
      await check(harness, await harness.serve("node", ["dist/server/entry.mjs"], { cwd, env, node: "newer", port }));
    },
  },
  {
    name: "astro: Cloudflare adapter, in workerd",
    group: "astro",
    seconds: 15,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project(["app", "cloudflare"]);
      await harness.exec("astro", ["build"], { cwd, node: "newer" });
      await check(harness, await serveWorker(harness, { cwd }));
    },
  },
  ...["node", "cloudflare"].map((program) => ({
    name: `astro: development server, ${program}`,
    group: "astro",
    seconds: 12,
    run: async (harness) => {
      const cwd = await harness.project(["app", program]);
      if (program === "cloudflare") writeVariables(harness, cwd);
      const port = await harness.port();
      const given = ["dev", "--host", "127.0.0.1", "--port", port];
      await check(harness, await harness.serve("astro", given, { cwd, node: "newer", port }));
    },
  })),
  ...adapterCells,
];

async function check(harness, { url }) {
  await harness.guard.check(`${url}/account`);
  await harness.guard.check(`${url}/account/orders`);
  // Astro matches the decoded path, and `context.url` has no dot segments.
  for (const path of ["%252e%252e", "x/%252e%252e/%252e%252e/y", "..%5Cx", "%2e%2e%5Cx", "..%255Cx", "%252e%252e/login"]) {
    const { status, body } = await asked(`${url}/account/${path}`, PAGE);
    ok(status !== 200 || !/Account of/.test(body), `/account/${path}: ${status} ${body}`);
  }
  await checkPage(harness, `${url}/verify?project_id=${harness.environment.STYTCH_PROJECT_ID}`);
}
