// All cells of the matrix. A cell builds and runs one small program that uses the package like a
// user's program: from its packed tarball, in a folder with its own node_modules, and with only
// the configuration that the tool requires. Runner: tests/runtimes/frameworks.mjs.
//
// To add a group of cells:
// 1. Create `tests/frameworks/<group>/` with package.json (exact versions, without stytch-edge),
//    .npmrc as in the other groups, and package-lock.json by `npm install --package-lock-only`.
// 2. Add one folder for each program, with the files of a user's program. `dot-x` becomes `.x` in
//    the copy. A program without a package.json receives a package.json that depends on stytch-edge.
// 3. Add `cells.mjs`, which exports `cells`, an array of
//    {
//      name: "next: Turbopack",     unique; parts of it select cells on the command line
//      group: "next",               the folder with the lock file
//      seconds: 40,                 the longest duration next to another cell on two cores, for the budget
//      often: true,                 runs every time; some of the other cells run
//      awkward: true,               the project's folder has spaces and characters that are not ASCII
//      alone: true,                 no other cell runs at the same time
//      run: async (harness) => {},  builds, runs and checks; throws at a failure
//    }
// 4. Import it below, and change COUNT.
//
// harness.mjs defines `harness`:
//    const cwd = await harness.project("app");                      a new copy with node_modules
//    await harness.exec("next", ["build"], { cwd });                a tool of node_modules/.bin
//    const port = await harness.port();
//    const { url } = await harness.serve("node", ["server.js"], { cwd, env: { PORT: port }, port });
//    await harness.guard.check(url);                                200, 401, refreshed with cookies
// Option `node: "newer"` of exec and serve runs a tool in Node 24. At the end of the cell, its
// processes end and its folders are deleted.

import { cells as next } from "./next/cells.mjs";
import { cells as sveltekit } from "./sveltekit/cells.mjs";
import { cells as sveltekitCloudflare } from "./sveltekit-cloudflare/cells.mjs";
import { cells as reactRouter } from "./react-router/cells.mjs";
import { cells as astro } from "./astro/cells.mjs";
import { cells as nuxt } from "./nuxt/cells.mjs";
import { cells as tanstackStart } from "./tanstack-start/cells.mjs";
import { cells as hono } from "./hono/cells.mjs";
import { cells as servers } from "./servers/cells.mjs";
import { cells as bundlers } from "./bundlers/cells.mjs";
import { cells as bun } from "./bun/cells.mjs";
import { cells as deno } from "./deno/cells.mjs";
import { cells as jest } from "./jest/cells.mjs";
import { cells as vitest } from "./vitest/cells.mjs";
import { cells as cloudflare } from "./cloudflare/cells.mjs";
import { cells as packageManagers } from "./package-managers/cells.mjs";
import { cells as typescript } from "./typescript/cells.mjs";

/** Every cell, in the order of the run. */
export function collectCells() {
  const cells = [
    ...next,
    ...sveltekit,
    ...sveltekitCloudflare,
    ...reactRouter,
    ...astro,
    ...nuxt,
    ...tanstackStart,
    ...hono,
    ...servers,
    ...bundlers,
    ...bun,
    ...deno,
    ...jest,
    ...vitest,
    ...cloudflare,
    ...packageManagers,
    ...typescript,
  ];
  if (cells.length !== COUNT) throw new Error(`expected COUNT = ${COUNT} cells, found ${cells.length}`);
  return cells;
}

/** The number of cells, so that no cell is lost unnoticed. Change it if you add or remove a cell. */
const COUNT = 100;
