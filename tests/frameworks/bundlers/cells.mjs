// A server for Node in one file, from each bundler. The file is copied into an empty folder, and
// the project is deleted before the server starts, so that nothing is read from node_modules.

import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { same } from "../../conformance/assert.js";

/** Command lines that bundle the server into one file in `dist`. */
const BUNDLES = {
  "esbuild to an ES module": ["esbuild", "server.js", "--bundle", "--platform=node", "--format=esm", "--outfile=dist/server.mjs"],
  "esbuild to CommonJS, minified": ["esbuild", "server.js", "--bundle", "--platform=node", "--minify", "--outfile=dist/server.cjs"],
  "esbuild of require": ["esbuild", "server.cjs", "--bundle", "--platform=node", "--outfile=dist/server.cjs"],
  "Rollup to an ES module": ["rollup", "server.js", ...rollup("node-resolve"), "--format=esm", "--file=dist/server.mjs"],
  "Rollup to CommonJS": ["rollup", "server.js", ...rollup("node-resolve"), "--format=cjs", "--file=dist/server.cjs"],
  "Rollup with plugin-commonjs": [
    "rollup",
    "server.js",
    ...rollup("node-resolve", "commonjs"),
    "--format=esm",
    "--file=dist/server.mjs",
  ],
  "Rollup of require": ["rollup", "server.cjs", ...rollup("node-resolve", "commonjs"), "--format=cjs", "--file=dist/server.cjs"],
  "Rolldown to an ES module": ["rolldown", "server.js", "--platform=node", "--format=esm", "--file=dist/server.mjs"],
  "Rolldown to CommonJS": ["rolldown", "server.js", "--platform=node", "--format=cjs", "--file=dist/server.cjs"],
  "Rolldown of require": ["rolldown", "server.cjs", "--platform=node", "--format=cjs", "--file=dist/server.cjs"],
  "Vite's SSR build": ["vite", "build", "--ssr", "server.js"],
  webpack: ["webpack", "--entry=./server.js", ...webpack()],
  "webpack of require": ["webpack", "--entry=./server.cjs", ...webpack()],
  Rspack: ["rspack", "build", "--mode=production"],
  ncc: ["ncc", "build", "server.js", "--out=dist"],
};

export const cells = Object.entries(BUNDLES).map(([name, command]) => ({
  name: `bundlers: ${name}`,
  group: "bundlers",
  seconds: 2,
  often: true,
  awkward: true,
  run: (harness) => runsAlone(harness, command),
}));

async function runsAlone(harness, [tool, ...given]) {
  const project = await harness.project("server");
  const output = await harness.exec(tool, given, { cwd: project });
  if (/warn/i.test(output)) throw new Error(`${tool} warns:\n${output}`);
  const deployed = harness.elsewhere("deployed");
  cpSync(join(project, "dist"), deployed, { recursive: true });
  rmSync(project, { recursive: true });
  const files = readdirSync(deployed, { recursive: true });
  const [file, ...others] = files.filter((name) => name !== "package.json");
  same(others.join(), "", "the files in addition to the server");
  const port = await harness.port();
  const { url } = await harness.serve("node", [file], { cwd: deployed, env: { PORT: port }, port });
  await harness.guard.check(url);
}

function rollup(...plugins) {
  return [...plugins.flatMap((name) => ["--plugin", name]), "--failAfterWarnings"];
}

function webpack() {
  return ["--target=node", "--mode=production", "--output-filename=server.cjs"];
}
