// Next.js: route handler, server component, proxy and client page, with both of its bundlers;
// the standalone output, the development server, and its deprecated Edge runtime.

import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkPage } from "../pages.mjs";

export const cells = [
  {
    name: "next: Turbopack, route handler, page with proxy, client page",
    group: "next",
    seconds: 25,
    often: true,
    awkward: true,
    run: async (stand) => {
      const cwd = await built(stand, "app", []);
      await check(stand, await started(stand, cwd));
    },
  },
  {
    name: "next: webpack, route handler, page with proxy, client page",
    group: "next",
    seconds: 40,
    often: true,
    run: async (stand) => {
      const cwd = await built(stand, "app", ["--webpack"]);
      await check(stand, await started(stand, cwd));
    },
  },
  {
    name: "next: standalone output, deployed without the project's node_modules",
    group: "next",
    seconds: 25,
    often: true,
    run: async (stand) => {
      const project = await built(stand, "app", [], `export default { output: "standalone" };`);
      const cwd = stand.elsewhere("deployed");
      cpSync(join(project, ".next/standalone"), cwd, { recursive: true });
      cpSync(join(project, ".next/static"), join(cwd, ".next/static"), { recursive: true });
      const port = await stand.port();
      const env = { HOSTNAME: "127.0.0.1", PORT: port };
      await check(stand, await stand.serve("node", ["server.js"], { cwd, env, port }));
    },
  },
  {
    name: "next: development server",
    group: "next",
    seconds: 15,
    run: async (stand) => {
      const cwd = await stand.project("app");
      await check(stand, await started(stand, cwd, "dev", inBrowser(stand)));
    },
  },
  ...[
    ["Turbopack", []],
    ["webpack", ["--webpack"]],
  ].map(([bundler, options]) => ({
    name: `next: Edge runtime, ${bundler}`,
    group: "next",
    seconds: 30,
    run: async (stand) => {
      const cwd = await built(stand, "edge", options);
      const { url } = await started(stand, cwd);
      await stand.visits.check(`${url}/api/me`);
    },
  })),
];

async function built(stand, program, options, configuration) {
  const cwd = await stand.project(program);
  if (configuration) writeFileSync(join(cwd, "next.config.mjs"), configuration);
  await stand.exec("next", ["build", ...options], { cwd, env: inBrowser(stand) });
  return cwd;
}

/** What the client page knows; Next writes it into the page's script. */
function inBrowser(stand) {
  return { NEXT_PUBLIC_STYTCH_PROJECT_ID: stand.environment.STYTCH_PROJECT_ID };
}

async function started(stand, cwd, command = "start", env = {}) {
  const port = await stand.port();
  return stand.serve("next", [command, "--hostname", "127.0.0.1", "--port", port], { cwd, env, port });
}

async function check(stand, { url }) {
  await stand.visits.check(`${url}/api/me`);
  await stand.visits.check(`${url}/account`);
  await checkPage(stand, `${url}/verify`);
}
