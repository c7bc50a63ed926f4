// React Router in framework mode, for Node and for Cloudflare Workers: a resource route, a page
// with a loader, and a page that verifies tokens in the browser.

import { WITHOUT_PROJECT } from "../adapter-project.mjs";
import { checkPage } from "../pages.mjs";
import { serveWorker, writeVariables } from "../workers.mjs";
import { adapterCells } from "./adapter-cells.mjs";

export const cells = [
  ...adapterCells,
  {
    name: "react-router: Node",
    group: "react-router",
    seconds: 8,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project(["app", "node"]);
      // The app of docs/guide/react-router.md is built without the variables of the deployment.
      await harness.exec("react-router", ["build"], { cwd, env: WITHOUT_PROJECT, node: "newer" });
      await harness.exec("react-router", ["typegen"], { cwd, node: "newer" });
      await harness.exec("tsc", [], { cwd });
      const port = await harness.port();
      const env = { HOST: "127.0.0.1", PORT: port };
      const given = ["build/server/index.js"];
      await check(harness, await harness.serve("react-router-serve", given, { cwd, env, node: "newer", port }));
    },
  },
  {
    name: "react-router: Cloudflare's Vite plugin, in workerd",
    group: "react-router",
    seconds: 15,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project(["app", "cloudflare"]);
      await harness.exec("react-router", ["build"], { cwd, node: "newer" });
      await check(harness, await serveWorker(harness, { cwd }));
    },
  },
  ...["node", "cloudflare"].map((program) => ({
    name: `react-router: development server, ${program}`,
    group: "react-router",
    seconds: 10,
    run: async (harness) => {
      const cwd = await harness.project(["app", program]);
      if (program === "cloudflare") writeVariables(harness, cwd);
      const port = await harness.port();
      const given = ["dev", "--host", "127.0.0.1", "--port", port];
      await check(harness, await harness.serve("react-router", given, { cwd, node: "newer", port }));
    },
  })),
];

async function check(harness, { url }) {
  await harness.guard.check(`${url}/api/me`);
  await harness.guard.check(`${url}/account`);
  await checkPage(harness, `${url}/verify/${harness.environment.STYTCH_PROJECT_ID}`);
}
