// Servers from Bun's bundler: an executable, and files for Bun and for Node. Each is copied into
// an empty folder, and the project is deleted before the server starts.

import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { matches, same } from "../../conformance/assert.js";
import { installed } from "../installs.mjs";

/** Arguments of `bun build`, and the command for the file in `dist`. Without a command, it is an executable. */
const BUILDS = {
  "--compile": { given: ["server.js", "--compile", "--outfile=dist/server"], sends: "text" },
  "--target bun": { given: ["server.js", "--target=bun", "--outfile=dist/server.js"], starts: bun, sends: "text" },
  "--target node": { given: ["node.js", "--target=node", "--outfile=dist/server.mjs"], starts: () => "node" },
  "--target node --format cjs": {
    given: ["node.js", "--target=node", "--format=cjs", "--outfile=dist/server.cjs"],
    starts: () => "node",
  },
};

export const cells = Object.entries(BUILDS).map(([name, build]) => ({
  name: `bun: bun build ${name}`,
  group: "bun",
  seconds: 2,
  often: true,
  awkward: true,
  run: (harness) => runsAlone(harness, build),
}));

async function runsAlone(harness, { given, starts, sends }) {
  const project = await harness.project("server");
  await harness.exec("bun", ["build", ...given], { cwd: project });
  const cwd = harness.elsewhere("deployed");
  cpSync(join(project, "dist"), cwd, { recursive: true });
  rmSync(project, { recursive: true });
  const [file, ...others] = readdirSync(cwd, { recursive: true });
  same(others.join(), "", "the files in addition to the server");
  const port = await harness.port();
  const command = starts ? [await starts(), file] : [join(cwd, file)];
  const { url } = await harness.serve(command[0], command.slice(1), { cwd, env: { PORT: port }, port });
  await harness.guard.check(url);
  if (sends === "text") await keepsTheTypeOfText(harness, url);
}

/** Fails unless a text response that receives cookies keeps its content type. */
async function keepsTheTypeOfText({ guard }, url) {
  const { session_token } = await guard.logIn();
  const response = await fetch(url, { headers: { Cookie: `stytch_session=${session_token}` } });
  matches(response.headers.get("Content-Type"), /^text\/plain/, "the type of a text response with cookies");
}

async function bun() {
  return join(await installed("bun"), "node_modules/.bin/bun");
}
