// SvelteKit for Node: the package in devDependencies, so that adapter-node bundles it; a hook
// that guards a page, and a page that verifies tokens in the browser.

import { cpSync } from "node:fs";
import { join } from "node:path";

import { checkPage } from "../pages.mjs";
import { adapterCells, WITHOUT_PROJECT } from "./adapter-cells.mjs";

export const cells = [
  ...adapterCells,
  {
    name: "sveltekit: adapter-node, deployed without node_modules",
    group: "sveltekit",
    seconds: 8,
    often: true,
    awkward: true,
    run: async (harness) => {
      const project = await harness.project("app");
      // The app of docs/guide/frameworks.md is built without the variables of the deployment.
      await harness.exec("vite", ["build"], { cwd: project, env: WITHOUT_PROJECT, node: "newer" });
      await harness.exec("tsc", [], { cwd: project });
      const cwd = harness.elsewhere("deployed");
      for (const name of ["build", "package.json"]) cpSync(join(project, name), join(cwd, name), { recursive: true });
      const port = await harness.port();
      const { url } = await harness.serve("node", ["build"], {
        cwd,
        env: { HOST: "127.0.0.1", PORT: port },
        node: "newer",
        port,
      });
      await check(harness, url);
    },
  },
  {
    name: "sveltekit: development server",
    group: "sveltekit",
    seconds: 8,
    run: async (harness) => {
      const cwd = await harness.project("app");
      const port = await harness.port();
      const given = ["dev", "--host", "127.0.0.1", "--port", port];
      const { url } = await harness.serve("vite", given, { cwd, node: "newer", port });
      await check(harness, url);
    },
  },
];

async function check(harness, url) {
  await harness.guard.check(`${url}/account`);
  await checkPage(harness, `${url}/verify?project_id=${harness.environment.STYTCH_PROJECT_ID}`);
}
