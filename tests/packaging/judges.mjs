// What publint and attw ("are the types wrong?") say of the tarball. No rule of
// theirs is switched off.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { matches, same } from "../conformance/assert.js";

const ATTW = fileURLToPath(new URL("node_modules/.bin/attw", import.meta.url));

/** What an import of wasm gives is each bundler's to say, and so are its types. */
const NOT_JAVASCRIPT = ["stytch_edge.wasm"];

/** Tests of a tarball, by name. */
export function judgeTests(tarball) {
  return {
    "publint has nothing to say, suggestions included": async () => {
      const bytes = new Uint8Array(await readFile(tarball));
      const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
      same(messages.map((message) => formatMessage(message, pkg)).join("\n"), "");
    },
    "attw finds the right types however the package is resolved": async () => {
      const given = [tarball, "--format", "ascii", "--no-color", "--exclude-entrypoints", ...NOT_JAVASCRIPT];
      const { stdout } = await promisify(execFile)(ATTW, given).catch(({ stdout, stderr }) => {
        throw new Error(stdout + stderr);
      });
      matches(stdout, /No problems found/);
      for (const way of ["node10", "node16 (from CJS)", "node16 (from ESM)", "bundler"]) {
        matches(stdout, new RegExp(`"stytch-edge"[^"]*${way.replace(/[()]/g, "\\$&")}: 🟢`, "u"), way);
      }
    },
  };
}
