// All cells of the matrix. A cell builds and runs one small program that uses the package as
// people do: from its packed tarball, in a folder with a node_modules of its own, without any
// configuration that the tool does not demand. Runner: tests/runtimes/frameworks.mjs.
//
// To add a group of cells:
// 1. Make `tests/frameworks/<group>/` with package.json (exact versions, without stytch-edge),
//    .npmrc as in the other groups, and package-lock.json by `npm install --package-lock-only`.
// 2. One folder in it for each program, with the files that a user would have. `dot-x` becomes
//    `.x` in the copy. A program without a package.json gets one that depends on stytch-edge.
// 3. `cells.mjs` in it exports `cells`, an array of
//    {
//      name: "next: Turbopack",   unique; parts of it choose cells on the command line
//      group: "next",             the folder with the lock file
//      seconds: 40,               how long it takes at most beside another cell on two cores, for the budget
//      often: true,               runs every time; the other cells take turns
//      awkward: true,             the project's folder has spaces and letters beyond ASCII
//      alone: true,               nothing else may run at the same time
//      run: async (stand) => {},  builds, runs and checks; throws if anything is wrong
//    }
// 4. Import it below, and change COUNT.
//
// What `stand` offers is in stand.mjs:
//    const cwd = await stand.project("app");                      a fresh copy with node_modules
//    await stand.exec("next", ["build"], { cwd });                a tool of node_modules/.bin
//    const port = await stand.port();
//    const { url } = await stand.serve("node", ["server.js"], { cwd, env: { PORT: port }, port });
//    await stand.visits.check(url);                               200, 401, refreshed with cookies
// Option `node: "newer"` of exec and serve runs a tool in Node 24. Everything that was started
// or made ends with the cell.

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

/** Every cell, in the order in which they run. */
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
  if (cells.length !== COUNT) throw new Error(`there are ${cells.length} cells, and COUNT says ${COUNT}`);
  return cells;
}

/** Changes with every cell that is added or removed, so that none is lost by mistake. */
const COUNT = 74;
