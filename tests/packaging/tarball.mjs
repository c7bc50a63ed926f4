// What the package holds, as it was installed from its tarball. A file more is
// weight for everybody; a file less is a package that does not start.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { deepSame, matches, ok, same } from "../conformance/assert.js";

const RUNTIMES = { node: "cjs", standalone: "js", workerd: "js", "edge-light": "js", browser: "js" };
const ENTRIES = ["index", "verify", "hono"];

/** The files of dist/ that hold code: each entry of each runtime, and what its entries share. */
const CODE = Object.entries(RUNTIMES).flatMap(([runtime, ending]) =>
  [...ENTRIES, "core"].map((name) => `dist/${runtime}/${name}.${ending}`),
);

/** Those that only name the exports of others, or why there are none. */
const THIN = [
  ...ENTRIES.flatMap((entry) => [`dist/node/${entry}.js`, `dist/nitro-without-wasm/${entry}.js`]),
  ...CODE.filter((file) => file.includes("/verify.")),
];

/** Declarations. */
const TYPES = [
  ...ENTRIES.flatMap((entry) => [`${entry}.d.ts`, `${entry}.d.cts`]),
  "config.d.cts",
  "errors.d.cts",
  "generated/b2b.d.cts",
  "generated/b2b_types.d.cts",
  "generated/consumer.d.cts",
  "generated/consumer_types.d.cts",
  "generated/saml_shield.d.cts",
  "generated/saml_shield_types.d.cts",
  "generated/shared.d.cts",
  "generated/shared_types.d.cts",
  "generated/words.d.cts",
  "handlers.d.cts",
  "npm_stytch_types.d.cts",
  "project_client.d.cts",
  "request_headers.d.cts",
  "rights.d.cts",
  "services.d.cts",
  "stores.d.cts",
  "token_provider.d.cts",
  "verdicts.d.cts",
].map((name) => `dist/types/${name}`);

const FILES = [
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "THIRD-PARTY-LICENSES",
  "package.json",
  ...new Set([...CODE, ...THIN]),
  // Deno would read those of standalone/ at every start.
  ...CODE.filter((file) => !THIN.includes(file) && !file.includes("/standalone/")).map((file) => `${file}.map`),
  ...TYPES,
  "dist/wasm/stytch_edge_bg.wasm",
];

/** Where the package is, as npm unpacked it. */
export const installed = dirname(fileURLToPath(import.meta.resolve("stytch-edge/package.json")));

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
        engines: { node: ">=18.17.0" },
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
  "sideEffects names the files that start the wasm, and no other file has effects": () => {
    const { sideEffects } = about();
    deepSame(sideEffects, ["./dist/*/core.js", "./dist/*/core.cjs"]);
    const booting = /^boot(Lazily)?\(|\bboot\(new WebAssembly\.Module/m;
    const boots = CODE.filter((file) => booting.test(text(file)));
    same(boots.join(), CODE.filter((file) => file.includes("/core.")).join());
  },
  "the wasm is inside a module of Node and of unknown runtimes, and a module of its own elsewhere": () => {
    const wasm = readFileSync(join(installed, "dist/wasm/stytch_edge_bg.wasm")).toString("base64");
    for (const [runtime, ending] of Object.entries(RUNTIMES)) {
      const isInside = ["node", "standalone"].includes(runtime);
      same(text(`dist/${runtime}/core.${ending}`).includes(wasm), isInside, runtime);
    }
  },
  "declarations name nothing that is internal": () => {
    for (const file of TYPES) {
      const code = text(file).replace(/\/\*.*?\*\//gs, "");
      ok(!/wasm|#private|\bCore\b|@internal|_types\.js"|\.\.\/\.\.\//.test(code.replaceAll('"wasm_not_ready"', "")), `${file} says what callers need`);
    }
  },
  "every declaration that is exported has a description": () => {
    for (const file of TYPES) {
      for (const [, before, name] of text(file).matchAll(/(\*\/|[^/])\n(export (?:declare )?(?:class|interface|type|function|const) \w+)/g)) {
        if (/^export (declare )?type \*/.test(name) || file.endsWith(".d.ts")) continue;
        same(before, "*/", `${file}: ${name}`);
      }
    }
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
    for (const folder of ["conformance", "frameworks", "packaging", "runtimes", "types"]) {
      for (const name of readdirSync(join(tests, folder), { recursive: true })) {
        if (!/\.[cm]?[jt]s$/.test(name) || name.includes("node_modules")) continue;
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
