// Hono, built by its own Vite plugin for Cloudflare Workers and for Node.

import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { printed, serveWorker } from "../workers.mjs";

export const cells = [
  {
    name: "hono: @hono/vite-build for Cloudflare Workers, in workerd",
    group: "hono",
    seconds: 6,
    often: true,
    run: async (stand) => {
      const cwd = await stand.project("cloudflare");
      await stand.exec("vite", ["build"], { cwd, node: "newer" });
      const { url } = await serveWorker(stand, { cwd });
      await stand.visits.check(`${url}/private/me`);
    },
  },
  {
    name: "hono: @hono/vite-build for Cloudflare Workers without the line that it needs: the error names it",
    group: "hono",
    seconds: 6,
    run: async (stand) => {
      const cwd = await stand.project("cloudflare");
      writeFileSync(join(cwd, "vite.config.js"), WITHOUT_EXTERNAL);
      await stand.exec("vite", ["build"], { cwd, node: "newer" });
      await printed(await serveWorker(stand, { cwd }), /Error: .*external: \["stytch-edge"\]/);
    },
  },
  {
    name: "hono: @hono/vite-build for Node, deployed without node_modules",
    group: "hono",
    seconds: 3,
    often: true,
    run: async (stand) => {
      const project = await stand.project("node");
      await stand.exec("vite", ["build"], { cwd: project, node: "newer" });
      const cwd = stand.elsewhere("deployed");
      for (const name of ["dist", "package.json"]) cpSync(join(project, name), join(cwd, name), { recursive: true });
      const port = await stand.port();
      const { url } = await stand.serve("node", ["dist/index.js"], { cwd, env: { PORT: port }, node: "newer", port });
      await stand.visits.check(`${url}/private/me`);
    },
  },
];

const WITHOUT_EXTERNAL = `import build from "@hono/vite-build/cloudflare-workers";

export default { plugins: [build({ entry: "src/index.js" })] };
`;
