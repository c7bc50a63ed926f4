// React Router in framework mode, for Node and for Cloudflare Workers: a resource route, a page
// with a loader, and a page that checks tokens in the browser.

import { checkPage } from "../pages.mjs";
import { serveWorker, writeVariables } from "../workers.mjs";

export const cells = [
  {
    name: "react-router: Node",
    group: "react-router",
    seconds: 8,
    often: true,
    run: async (stand) => {
      const cwd = await stand.project(["app", "node"]);
      await stand.exec("react-router", ["build"], { cwd, node: "newer" });
      const port = await stand.port();
      const env = { HOST: "127.0.0.1", PORT: port };
      const given = ["build/server/index.js"];
      await check(stand, await stand.serve("react-router-serve", given, { cwd, env, node: "newer", port }));
    },
  },
  {
    name: "react-router: Cloudflare's Vite plugin, in workerd",
    group: "react-router",
    seconds: 15,
    often: true,
    run: async (stand) => {
      const cwd = await stand.project(["app", "cloudflare"]);
      await stand.exec("react-router", ["build"], { cwd, node: "newer" });
      await check(stand, await serveWorker(stand, { cwd }));
    },
  },
  ...["node", "cloudflare"].map((program) => ({
    name: `react-router: development server, ${program}`,
    group: "react-router",
    seconds: 10,
    run: async (stand) => {
      const cwd = await stand.project(["app", program]);
      if (program === "cloudflare") writeVariables(stand, cwd);
      const port = await stand.port();
      const given = ["dev", "--host", "127.0.0.1", "--port", port];
      await check(stand, await stand.serve("react-router", given, { cwd, node: "newer", port }));
    },
  })),
];

async function check(stand, { url }) {
  await stand.visits.check(`${url}/api/me`);
  await stand.visits.check(`${url}/account`);
  await checkPage(stand, `${url}/verify/${stand.environment.STYTCH_PROJECT_ID}`);
}
