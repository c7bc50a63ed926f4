// What the package holds, as it was installed from its tarball. A file more is
// weight for everybody; a file less is a package that does not start.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { deepSame, matches, ok, same } from "../conformance/assert.js";

const FILES = [
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "boot/browser.js",
  "boot/deno.js",
  "boot/edge-light.js",
  "boot/node.js",
  "boot/workerd.js",
  "checks.js",
  "config.js",
  "core.js",
  "engine.js",
  "entry/browser.js",
  "entry/deno.js",
  "entry/edge-light.js",
  "entry/node.js",
  "entry/verify/browser.js",
  "entry/verify/deno.js",
  "entry/verify/edge-light.js",
  "entry/verify/node.js",
  "entry/verify/workerd.js",
  "entry/workerd.js",
  "errors.d.ts",
  "errors.js",
  "generated/b2b.d.ts",
  "generated/b2b.js",
  "generated/b2b_types.d.ts",
  "generated/consumer.d.ts",
  "generated/consumer.js",
  "generated/consumer_types.d.ts",
  "generated/rows.js",
  "generated/saml_shield.d.ts",
  "generated/saml_shield.js",
  "generated/saml_shield_types.d.ts",
  "generated/shared.d.ts",
  "generated/shared.js",
  "generated/shared_types.d.ts",
  "handlers.d.ts",
  "handlers.js",
  "hono.cjs",
  "hono.d.cts",
  "hono.d.ts",
  "hono.js",
  "index.cjs",
  "index.d.cts",
  "index.d.ts",
  "index.js",
  "options.js",
  "package.json",
  "resources.d.ts",
  "resources.js",
  "rights.d.ts",
  "search.js",
  "token_provider.d.ts",
  "token_provider.js",
  "stores.js",
  "visits.d.ts",
  "visits.js",
  "verify.cjs",
  "verify.d.cts",
  "verify.d.ts",
  "verify.js",
  "wasm/stytch_edge.js",
  "wasm/stytch_edge_bg.wasm",
];

/** Where the package is, as npm unpacked it. */
export const installed = dirname(
  dirname(fileURLToPath(import.meta.resolve("stytch-edge/stytch_edge.wasm"))),
);

/** Tests of the tarball, by name. */
export const tarballTests = {
  "the tarball holds what is needed and nothing else": () => {
    const found = readdirSync(installed, { recursive: true, withFileTypes: true });
    const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const files = paths.map((path) => path.slice(installed.length + 1));
    same(files.filter((file) => !FILES.includes(file)).join(), "", "files beyond the list");
    same(FILES.filter((file) => !files.includes(file)).join(), "", "files that are missing");
  },
  "every file that package.json names is in the tarball, and none twice": () => {
    const { exports, main, module, types, files } = about();
    const named = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(named));
    for (const path of named([exports, main, module, types])) {
      ok(FILES.includes(path.replace("./", "")), `${path} is in the tarball`);
    }
    for (const name of files) {
      ok(
        FILES.some((file) => file === name || file.startsWith(`${name}/`)),
        `files: ${name} is in the tarball`,
      );
    }
    same(new Set(files).size, files.length, "names in files");
  },
  // What a registry's page is made of, and what keeps an installation off a Node that cannot run it.
  "package.json says what the package is, and installs nothing else": () => {
    const { name, description, keywords, license, engines, type, ...rest } = about();
    deepSame(
      { name, license, engines, type },
      {
        name: "stytch-edge",
        license: "MIT OR Apache-2.0",
        engines: { node: "^20.19.0 || >=22.12.0" },
        type: "module",
      },
    );
    matches(description, /Unofficial\.$/);
    ok(keywords.includes("stytch"), "it is found by the name of the API");
    deepSame([rest.peerDependencies, rest.peerDependenciesMeta], [{ hono: "^4.0.0" }, { hono: { optional: true } }]);
    for (const field of ["dependencies", "optionalDependencies", "scripts"]) {
      same(rest[field], undefined, field);
    }
  },
  // A module that starts something when it is imported must be listed, or a bundler leaves it out.
  "sideEffects names the files that start the wasm, those that import them, and nothing else": () => {
    deepSame(about().sideEffects, ["./boot/*.js", "./entry/*.js", "./entry/verify/*.js"]);
    const boots = FILES.filter((file) => /^boot(Lazily)?\(/m.test(text(file)));
    same(boots.join(), FILES.filter((file) => file.startsWith("boot/")).join());
    const entries = FILES.filter((file) => /^import "(\.\.\/)+boot\//m.test(text(file)));
    same(entries.join(), FILES.filter((file) => file.startsWith("entry/")).join());
  },
  "the package's README leads to no file that is not there": () => {
    for (const [link, target] of text("README.md").matchAll(/\]\((?!#|https:)([^)]*)\)/g)) {
      ok(FILES.includes(target), `${link} is in the tarball`);
    }
    matches(text("LICENSE-MIT"), /^MIT License/);
    matches(text("LICENSE-APACHE"), /Apache License/);
  },
  // A test of the checkout would pass while the package that people get is broken.
  "no test imports the package from the checkout": () => {
    const tests = fileURLToPath(new URL("..", import.meta.url));
    for (const folder of ["conformance", "packaging", "runtimes", "types"]) {
      for (const name of readdirSync(join(tests, folder), { recursive: true })) {
        if (!/\.[cm]?[jt]s$/.test(name) || name.startsWith("node_modules")) continue;
        const text = readFileSync(join(tests, folder, name), "utf8");
        ok(
          !/(from|import|require)\W[^;\n]*\bpkg\//.test(text),
          `${folder}/${name} imports the installed package`,
        );
      }
    }
  },
};

function about() {
  return JSON.parse(text("package.json"));
}

function text(file) {
  return readFileSync(join(installed, file), "utf8");
}
