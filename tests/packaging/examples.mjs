// The guarded servers of the documents. Each runs unchanged, apart from its port, in its own runtime, and uses the emulator
// as the API.

import { join } from "node:path";

import { transformSync } from "esbuild";

import { ok } from "../conformance/assert.js";
import { program } from "../runtimes/inside/child.mjs";
import { blockWith } from "./blocks.mjs";
import { answersPreflights, leadsToLogIn } from "./guarded.mjs";
import { newProject } from "./project.mjs";
import { startProgram, startWorker } from "./servers.mjs";

const STARTED = "docs/guide/getting-started.md";
const SESSIONS = "docs/guide/sessions-and-cookies.md";

/**
 * How to start each server. `path` is the guarded path, and `also` another check.
 */
export const examples = {
  "the Worker of the README": { start: worker("README.md", "client.authenticateRequest(") },
  "the Worker of getting-started.md": { start: worker(STARTED, "export default {") },
  "the Worker of sessions-and-cookies.md with a log-in page": {
    start: worker(SESSIONS, "request, verdict, env"),
    also: leadsToLogIn,
  },
  "the Worker of sessions-and-cookies.md for another origin": { start: worker(SESSIONS, "const CORS = {"), also: answersPreflights },
  "the Hono app of hono.md": {
    start: worker("docs/guide/hono.md", "export default app", ["hono"]),
    path: "/private/me",
  },
  "the Deno server of getting-started.md": { start: startDeno },
  "the Node server of getting-started.md": { start: startNode },
};

/** Starts a block as a Worker. */
function worker(document, words, packages) {
  return (environment) => {
    const { code } = transformSync(blockWith(document, words), { loader: "ts" });
    return startWorker(newProject("worker", ["wrangler.jsonc"], { "worker.js": code }, packages), environment);
  };
}

function startDeno(environment) {
  const listening = `Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: ({ port }) => console.log(\`http://127.0.0.1:\${port}\`) }, `;
  const text = replaced(blockWith(STARTED, "Deno.serve("), "Deno.serve(", listening);
  const folder = newProject("deno", [], { "server.ts": text });
  const { host } = new URL(environment.STYTCH_BASE_URL);
  const allowed = [`--allow-env=${Object.keys(environment)}`, `--allow-net=127.0.0.1:0,${host}`];
  const given = ["run", "--check", "--no-prompt", "--no-remote", "--no-lock", ...allowed, join(folder, "server.ts")];
  return startProgram(program("deno"), given, { ...environment, DENO_DIR: join(folder, ".deno") });
}

function startNode(environment) {
  const listening = `.listen(0, "127.0.0.1", function () { console.log(\`http://127.0.0.1:\${this.address().port}\`) })`;
  const text = replaced(blockWith(STARTED, "createServer(async"), ".listen(3000)", listening);
  const folder = newProject("node", [], { "server.js": text });
  return startProgram(process.execPath, [join(folder, "server.js")], environment);
}

/** The text with its only occurrence of `words` replaced. */
function replaced(text, words, others) {
  const [before, after, ...more] = text.split(words);
  ok(after !== undefined && more.length === 0, `the text contains ${words} once`);
  return before + others + after;
}
