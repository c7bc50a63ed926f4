// TanStack Start for Node, by way of Nitro 3: a server route, and a page that checks tokens in the
// browser.

import { cpSync } from "node:fs";
import { join } from "node:path";

import { checkPage } from "../pages.mjs";

export const cells = [
  {
    name: "tanstack-start: Node, deployed without node_modules",
    group: "tanstack-start",
    seconds: 10,
    often: true,
    run: async (stand) => {
      const project = await stand.project("app");
      await stand.exec("vite", ["build"], { cwd: project, node: "newer" });
      const cwd = stand.elsewhere("deployed");
      cpSync(join(project, ".output"), cwd, { recursive: true });
      const port = await stand.port();
      const env = { HOST: "127.0.0.1", PORT: port };
      const { url } = await stand.serve("node", ["server/index.mjs"], { cwd, env, node: "newer", port });
      await stand.visits.check(`${url}/api/me`);
      await checkPage(stand, `${url}/verify?project_id=${stand.environment.STYTCH_PROJECT_ID}`);
    },
  },
];
