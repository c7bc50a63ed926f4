// The results of publint and attw ("are the types wrong?") for the tarball, with all of their
// rules.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { matches, same } from "../conformance/assert.js";

const ATTW = fileURLToPath(new URL("node_modules/.bin/attw", import.meta.url));

/** Each bundler defines the result of an import of wasm, so attw cannot check its types. */
const NOT_JAVASCRIPT = ["stytch_edge.wasm", "stytch_edge_verify.wasm"];

/** The tests of a tarball, by name. */
export function linterTests(tarball) {
  return {
    "publint reports nothing, including suggestions": async () => {
      const bytes = new Uint8Array(await readFile(tarball));
      const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
      same(messages.map((message) => formatMessage(message, pkg)).join("\n"), "");
    },
    "attw finds the right types with every module resolution": async () => {
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
