// Servers that Bun's bundler has made: a program of its own, and files for Bun and for Node.
// Each is copied into an empty folder and the project is deleted before it starts.

import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { matches, same } from "../../conformance/assert.js";
import { installed } from "../installs.mjs";

/** What follows `bun build`, and what starts the file in `dist`; without that, the file itself is a program. */
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
  run: (stand) => runsAlone(stand, build),
}));

async function runsAlone(stand, { given, starts, sends }) {
  const project = await stand.project("server");
  await stand.exec("bun", ["build", ...given], { cwd: project });
  const cwd = stand.elsewhere("deployed");
  cpSync(join(project, "dist"), cwd, { recursive: true });
  rmSync(project, { recursive: true });
  const [file, ...others] = readdirSync(cwd, { recursive: true });
  same(others.join(), "", "the files in addition to the server");
  const port = await stand.port();
  const command = starts ? [await starts(), file] : [join(cwd, file)];
  const { url } = await stand.serve(command[0], command.slice(1), { cwd, env: { PORT: port }, port });
  await stand.visits.check(url);
  if (sends === "text") await keepsTheTypeOfText(stand, url);
}

/** A text response stays text when cookies are added to it. */
async function keepsTheTypeOfText({ visits }, url) {
  const { session_token } = await visits.logIn();
  const response = await fetch(url, { headers: { Cookie: `stytch_session=${session_token}` } });
  matches(response.headers.get("Content-Type"), /^text\/plain/, "the type of a text response with cookies");
}

async function bun() {
  return join(await installed("bun"), "node_modules/.bin/bun");
}
