// The servers that the README shows, unchanged but for the port, with the emulator for the API.
// Each is started in the runtime that it is for.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { transformSync } from "esbuild";

import { ok, same } from "../conformance/assert.js";
import { program } from "../runtimes/inside/child.mjs";
import { newProject } from "./project.mjs";
import { startProgram, startWorker } from "./servers.mjs";
import { installed } from "./tarball.mjs";

/** Ways to start a server that greets visitors with a session. */
export const examples = {
  "the README's Worker": (environment) => {
    const text = shown("export default {");
    const { code } = transformSync(text, { loader: "ts" });
    return startWorker(newProject("worker", ["wrangler.jsonc"], { "worker.js": code }), environment);
  },
  "the README's server for Deno": (environment) => {
    const text = shown("Deno.serve(");
    const listening = `Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: ({ port }) => console.log(\`http://127.0.0.1:\${port}\`) }, `;
    const folder = newProject("deno", [], { "server.ts": replaced(text, "Deno.serve(", listening) });
    const { host } = new URL(environment.STYTCH_BASE_URL);
    const allowed = [`--allow-env=${Object.keys(environment)}`, `--allow-net=127.0.0.1:0,${host}`];
    const given = ["run", "--check", "--no-prompt", "--no-remote", "--no-lock", ...allowed, join(folder, "server.ts")];
    return startProgram(program("deno"), given, { ...environment, DENO_DIR: join(folder, ".deno") });
  },
  "the README's server for Node": (environment) => {
    const text = shown("createServer(");
    const listening = `.listen(0, "127.0.0.1", function () { console.log(\`http://127.0.0.1:\${this.address().port}\`) })`;
    const folder = newProject("node", [], { "server.js": replaced(text, ".listen(3000)", listening) });
    return startProgram(process.execPath, [join(folder, "server.js")], environment);
  },
};

/** The one program of the package's README that has these words. */
function shown(words) {
  const readme = readFileSync(join(installed, "README.md"), "utf8");
  const programs = [...readme.matchAll(/^```[jt]s\n(import .*?)^```$/gms)].map(([, text]) => text);
  const those = programs.filter((text) => text.includes(words));
  same(those.length, 1, `programs with ${words}`);
  return those[0];
}

function replaced(text, words, others) {
  const [before, after, ...more] = text.split(words);
  ok(after !== undefined && more.length === 0, `${words} stands there once`);
  return before + others + after;
}
