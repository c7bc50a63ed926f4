// TanStack Start for Node, with Nitro 3: a server route, and a page that verifies tokens in the
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
    run: async (harness) => {
      const project = await harness.project("app");
      await harness.exec("vite", ["build"], { cwd: project, node: "newer" });
      const cwd = harness.elsewhere("deployed");
      cpSync(join(project, ".output"), cwd, { recursive: true });
      const port = await harness.port();
      const env = { HOST: "127.0.0.1", PORT: port };
      const { url } = await harness.serve("node", ["server/index.mjs"], { cwd, env, node: "newer", port });
      await harness.guard.check(`${url}/api/me`);
      await checkPage(harness, `${url}/verify?project_id=${harness.environment.STYTCH_PROJECT_ID}`);
    },
  },
];
