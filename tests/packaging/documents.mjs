// What docs/frameworks.md says that tools need, and from which version on, held against the programs of
// tests/frameworks that run it.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ok } from "../conformance/assert.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path) => readFileSync(join(root, path), "utf8");

/** Lines of configuration, each of which a program needs. */
const LINES = [
  "experimental: { wasm: true }",
  "wasm: { esmImport: true, lazy: false }",
  'external: ["stytch-edge"]',
  "--experimental-vm-modules",
  "jest-fixed-jsdom",
  "disableSameOriginPolicy: true",
  "@rollup/plugin-node-resolve",
];

/** The oldest versions, and where they are tested. */
const OLDEST = [
  ["Node 18.17", "tests/frameworks/oldest-node/package.json", "18.17."],
  ["Deno 2.1.4", "tests/frameworks/deno-2.1/package.json", "2.1.4"],
  ["TypeScript 5.0", "tests/frameworks/typescript/package.json", "5.0."],
  ["2021-11-02", "tests/runtimes/workerd.mjs", "2021-11-02"],
];

/** Tests of the document, by name. */
export const documentTests = {
  "docs/frameworks.md names the lines that the programs use, and the oldest versions that are tested": () => {
    const text = folded(read("docs/frameworks.md"));
    const programs = folded(sources("tests/frameworks").join("\n"));
    for (const line of LINES) {
      ok(text.includes(folded(line)), `the document has ${line}`);
      ok(programs.includes(folded(line)), `a program has ${line}`);
    }
    for (const [says, path, version] of OLDEST) {
      ok(text.includes(folded(says)), `the document says ${says}`);
      ok(read(path).includes(version), `${path} has ${version}`);
    }
  },
};

/** The texts of all files but lock files. */
function sources(folder) {
  const names = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && entry.name !== "package-lock.json" && !entry.parentPath.includes("node_modules"));
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}

/** Without white space and quotes, which are each program's own. */
function folded(text) {
  return text.replace(/[\s"'`]+/g, "");
}
