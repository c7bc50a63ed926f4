// SvelteKit for Node: the package in devDependencies, so that adapter-node bundles it; a hook
// that guards a page, and a page that checks tokens in the browser.

import { cpSync } from "node:fs";
import { join } from "node:path";

import { checkPage } from "../pages.mjs";

export const cells = [
  {
    name: "sveltekit: adapter-node, deployed without node_modules",
    group: "sveltekit",
    seconds: 8,
    often: true,
    awkward: true,
    run: async (stand) => {
      const project = await stand.project("app");
      await stand.exec("vite", ["build"], { cwd: project, node: "newer" });
      const cwd = stand.elsewhere("deployed");
      for (const name of ["build", "package.json"]) cpSync(join(project, name), join(cwd, name), { recursive: true });
      const port = await stand.port();
      const { url } = await stand.serve("node", ["build"], {
        cwd,
        env: { HOST: "127.0.0.1", PORT: port },
        node: "newer",
        port,
      });
      await check(stand, url);
    },
  },
  {
    name: "sveltekit: development server",
    group: "sveltekit",
    seconds: 8,
    run: async (stand) => {
      const cwd = await stand.project("app");
      const port = await stand.port();
      const given = ["dev", "--host", "127.0.0.1", "--port", port];
      const { url } = await stand.serve("vite", given, { cwd, node: "newer", port });
      await check(stand, url);
    },
  },
];

async function check(stand, url) {
  await stand.visits.check(`${url}/account`);
  await checkPage(stand, `${url}/verify?project_id=${stand.environment.STYTCH_PROJECT_ID}`);
}
