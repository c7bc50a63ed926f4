// What the package holds, as it was installed from its tarball. A file more is
// weight for everybody; a file less is a package that does not start.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { deepSame, ok } from "../../conformance/assert.js";

const FILES = [
  "config.js",
  "core.js",
  "engine.js",
  "entry/browser.js",
  "entry/deno.js",
  "entry/edge-light.js",
  "entry/node.js",
  "entry/workerd.js",
  "errors.d.ts",
  "errors.js",
  "generated/b2b.d.ts",
  "generated/b2b.js",
  "generated/consumer.d.ts",
  "generated/consumer.js",
  "generated/rows.js",
  "generated/shared.d.ts",
  "generated/shared.js",
  "index.cjs",
  "index.d.cts",
  "index.d.ts",
  "index.js",
  "package.json",
  "search.js",
  "wasm/stytch_edge.js",
  "wasm/stytch_edge_bg.wasm",
];

const installed = dirname(dirname(fileURLToPath(import.meta.resolve("stytch-edge/stytch_edge.wasm"))));

/** Tests of the tarball, by name. */
export const tarballTests = {
  "the tarball holds what is needed and nothing else": () => {
    const found = readdirSync(installed, { recursive: true, withFileTypes: true });
    const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    deepSame(files.map((file) => file.slice(installed.length + 1)).sort(), FILES);
  },
  "every file that package.json names is in the tarball": () => {
    const { exports, main, module, types } = JSON.parse(
      readFileSync(join(installed, "package.json"), "utf8"),
    );
    const named = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(named));
    for (const path of named([exports, main, module, types])) {
      ok(FILES.includes(path.replace("./", "")), `${path} is in the tarball`);
    }
  },
  // A test of the checkout would pass while the package that people get is broken.
  "no test imports the package from the checkout": () => {
    const tests = fileURLToPath(new URL("../..", import.meta.url));
    for (const folder of ["conformance", "runtimes", "types"]) {
      for (const name of readdirSync(join(tests, folder), { recursive: true })) {
        if (!/\.[cm]?[jt]s$/.test(name)) continue;
        const text = readFileSync(join(tests, folder, name), "utf8");
        ok(
          !/(from|import|require)\W[^;\n]*\bpkg\//.test(text),
          `${folder}/${name} imports the installed package`,
        );
      }
    }
  },
};
