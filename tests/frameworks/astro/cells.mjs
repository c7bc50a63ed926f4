// Astro with its adapters for Node and for Cloudflare Workers: middleware that guards a page,
// and a page whose script checks tokens in the browser.

import { checkPage } from "../pages.mjs";
import { serveWorker, writeVariables } from "../workers.mjs";

export const cells = [
  {
    name: "astro: Node adapter",
    group: "astro",
    seconds: 8,
    often: true,
    run: async (stand) => {
      const cwd = await stand.project(["app", "node"]);
      await stand.exec("astro", ["build"], { cwd, node: "newer" });
      const port = await stand.port();
      const env = { HOST: "127.0.0.1", PORT: port };
      await check(stand, await stand.serve("node", ["dist/server/entry.mjs"], { cwd, env, node: "newer", port }));
    },
  },
  {
    name: "astro: Cloudflare adapter, in workerd",
    group: "astro",
    seconds: 15,
    often: true,
    run: async (stand) => {
      const cwd = await stand.project(["app", "cloudflare"]);
      await stand.exec("astro", ["build"], { cwd, node: "newer" });
      await check(stand, await serveWorker(stand, { cwd }));
    },
  },
  ...["node", "cloudflare"].map((program) => ({
    name: `astro: development server, ${program}`,
    group: "astro",
    seconds: 12,
    run: async (stand) => {
      const cwd = await stand.project(["app", program]);
      if (program === "cloudflare") writeVariables(stand, cwd);
      const port = await stand.port();
      const given = ["dev", "--host", "127.0.0.1", "--port", port];
      await check(stand, await stand.serve("astro", given, { cwd, node: "newer", port }));
    },
  })),
];

async function check(stand, { url }) {
  await stand.visits.check(`${url}/account`);
  await checkPage(stand, `${url}/verify?project_id=${stand.environment.STYTCH_PROJECT_ID}`);
}
