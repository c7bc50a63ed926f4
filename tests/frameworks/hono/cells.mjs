// Hono, built with its own Vite plugin for Cloudflare Workers and for Node.

import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkAdapter } from "../adapter-checks.mjs";
import { checkLogIns, logInVariables } from "../log-in-checks.mjs";
import { printed, serveWorker } from "../workers.mjs";

export const cells = [
  {
    name: "hono: the adapter, built for Node and in the development server of Vite",
    group: "hono",
    seconds: 10,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project("adapter");
      await harness.exec("vite", ["build"], { cwd, node: "newer" });
      for (const [command, given] of [["node", () => ["dist/index.js"]], ["vite", (port) => ["dev", "--host", "127.0.0.1", "--port", port]]]) {
        const port = await harness.port();
        const env = { PORT: port, ...logInVariables(harness, port) };
        const { url, end } = await harness.serve(command, given(port), { cwd, env, node: "newer", port });
        await checkAdapter(harness, url);
        await checkLogIns(harness, url);
        await end();
      }
    },
  },
  {
    name: "hono: @hono/vite-build for Cloudflare Workers, in workerd",
    group: "hono",
    seconds: 6,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project("cloudflare");
      await harness.exec("vite", ["build"], { cwd, node: "newer" });
      const { url } = await serveWorker(harness, { cwd });
      await harness.guard.check(`${url}/private/me`);
    },
  },
  {
    name: "hono: @hono/vite-build for Cloudflare Workers without the required line: the error names it",
    group: "hono",
    seconds: 6,
    run: async (harness) => {
      const cwd = await harness.project("cloudflare");
      writeFileSync(join(cwd, "vite.config.js"), WITHOUT_EXTERNAL);
      await harness.exec("vite", ["build"], { cwd, node: "newer" });
      await printed(await serveWorker(harness, { cwd }), /Error: .*external: \["stytch-edge"\]/);
    },
  },
  {
    name: "hono: @hono/vite-build for Node, deployed without node_modules",
    group: "hono",
    seconds: 3,
    often: true,
    run: async (harness) => {
      const project = await harness.project("node");
      await harness.exec("vite", ["build"], { cwd: project, node: "newer" });
      const cwd = harness.elsewhere("deployed");
      for (const name of ["dist", "package.json"]) cpSync(join(project, name), join(cwd, name), { recursive: true });
      const port = await harness.port();
      const { url } = await harness.serve("node", ["dist/index.js"], { cwd, env: { PORT: port }, node: "newer", port });
      await harness.guard.check(`${url}/private/me`);
    },
  },
];

const WITHOUT_EXTERNAL = `import build from "@hono/vite-build/cloudflare-workers";

export default { plugins: [build({ entry: "src/index.js" })] };
`;
