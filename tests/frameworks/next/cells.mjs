// Next.js: route handler, server component, proxy and client page, with both of its bundlers;
// the standalone output, the development server, and its deprecated Edge runtime.

import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { WITHOUT_PROJECT } from "../adapter-project.mjs";
import { checkPage } from "../pages.mjs";
import { adapterCells } from "./adapter-cells.mjs";

export const cells = [
  ...adapterCells,
  {
    name: "next: Turbopack, route handler, page with proxy, client page",
    group: "next",
    seconds: 25,
    often: true,
    awkward: true,
    run: async (harness) => {
      const cwd = await built(harness, "app", []);
      await check(harness, await started(harness, cwd));
    },
  },
  {
    name: "next: webpack, route handler, page with proxy, client page",
    group: "next",
    seconds: 40,
    often: true,
    run: async (harness) => {
      const cwd = await built(harness, "app", ["--webpack"]);
      await check(harness, await started(harness, cwd));
    },
  },
  {
    name: "next: standalone output, deployed without the project's node_modules",
    group: "next",
    seconds: 25,
    often: true,
    run: async (harness) => {
      const project = await built(harness, "app", [], `export default { output: "standalone" };`);
      const cwd = harness.elsewhere("deployed");
      cpSync(join(project, ".next/standalone"), cwd, { recursive: true });
      cpSync(join(project, ".next/static"), join(cwd, ".next/static"), { recursive: true });
      const port = await harness.port();
      const env = { HOSTNAME: "127.0.0.1", PORT: port };
      await check(harness, await harness.serve("node", ["server.js"], { cwd, env, port }));
    },
  },
  {
    name: "next: development server",
    group: "next",
    seconds: 15,
    run: async (harness) => {
      const cwd = await harness.project("app");
      await check(harness, await started(harness, cwd, "dev", inBrowser(harness)));
    },
  },
  ...[
    ["Turbopack", []],
    ["webpack", ["--webpack"]],
  ].map(([bundler, options]) => ({
    name: `next: Edge runtime, ${bundler}`,
    group: "next",
    seconds: 30,
    run: async (harness) => {
      const cwd = await built(harness, "edge", options);
      const { url } = await started(harness, cwd);
      await harness.guard.check(`${url}/api/me`);
    },
  })),
];

async function built(harness, program, options, configuration) {
  const cwd = await harness.project(program);
  if (configuration) writeFileSync(join(cwd, "next.config.mjs"), configuration);
  // The app of docs/guide/nextjs.md is built without the variables of the deployment.
  await harness.exec("next", ["build", ...options], { cwd, env: { ...(program === "app" && WITHOUT_PROJECT), ...inBrowser(harness) } });
  return cwd;
}

/** The variables of the client page. Next writes them into the page's script. */
function inBrowser(harness) {
  return { NEXT_PUBLIC_STYTCH_PROJECT_ID: harness.environment.STYTCH_PROJECT_ID };
}

async function started(harness, cwd, command = "start", env = {}) {
  const port = await harness.port();
  return harness.serve("next", [command, "--hostname", "127.0.0.1", "--port", port], { cwd, env, port });
}

async function check(harness, { url }) {
  await harness.guard.check(`${url}/api/me`);
  await harness.guard.check(`${url}/account`);
  await checkPage(harness, `${url}/verify`);
}
