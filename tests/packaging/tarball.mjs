// The content of the package, as installed from its tarball. An additional file increases every
// installation; a missing file breaks the package.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { deepSame, matches, ok, same } from "../conformance/assert.js";

const RUNTIMES = { node: "cjs", standalone: "js", deno: "js", workerd: "js", "edge-light": "js", browser: "js" };
const ENTRIES = ["index", "verify", "hono", "express", "fastify", "routes", "next", "sveltekit", "react-router", "astro", "nuxt"];

/** The files of dist/ with code: each entry of each runtime, and the code that its entries share. */
const CODE = Object.entries(RUNTIMES).flatMap(([runtime, ending]) =>
  [...ENTRIES, "core", "log_in_routes"].map((name) => `dist/${runtime}/${name}.${ending}`),
);

/** Entries without the wasm. */
const WITHOUT_WASM = ["dist/node/otel.cjs", "dist/standalone/otel.js"];

/** The properties of Deno, in addition to the code for Node. */
const DENO = ["dist/node/deno.cjs"];

/** Files that only re-export other files, or only throw an explanation. */
const THIN = [
  ...ENTRIES.map((entry) => `dist/deno/${entry}.cjs`),
  ...ENTRIES.flatMap((entry) => [`dist/node/${entry}.js`, `dist/nitro-without-wasm/${entry}.js`]),
];

/** Declarations. */
const TYPES = [
  ...[...ENTRIES, "otel"].flatMap((entry) => [`${entry}.d.ts`, `${entry}.d.cts`]),
  "adapters/form.d.cts",
  "adapters/guard.d.cts",
  "adapters/kept_headers.d.cts",
  "adapters/log_in_routes.d.cts",
  "adapters/node.d.cts",
  "config.d.cts",
  "errors.d.cts",
  "findings.d.cts",
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
  "log_in_response.d.cts",
  "log_in_types.d.cts",
  "next/cookies.d.cts",
  "next/log_in.d.cts",
  "next/proxy.d.cts",
  "next/route.d.cts",
  "next/session.d.cts",
  "npm_stytch_types.d.cts",
  "project_client.d.cts",
  "request_headers.d.cts",
  "rights.d.cts",
  "services.d.cts",
  "stores.d.cts",
  "token_provider.d.cts",
  "verdicts.d.cts",
  "with_session.d.cts",
].map((name) => `dist/types/${name}`);

const FILES = [
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "THIRD-PARTY-LICENSES",
  "package.json",
  ...new Set([...CODE, ...THIN, ...WITHOUT_WASM, ...DENO]),
  "dist/cli.js",
  "dist/node/deno.cjs.map",
  "dist/node/otel.cjs.map",
  // Without source maps for deno/ and standalone/, because Deno would read them at every start.
  // `routes` only re-exports `log_in_routes`.
  ...CODE.filter((file) => !/\/(deno|standalone)\/|\/routes\./.test(file)).map((file) => `${file}.map`),
  ...TYPES,
  "dist/wasm/stytch_edge_bg.wasm",
  "dist/wasm/stytch_edge_verify_bg.wasm",
  "dist/wasm/stytch_edge_relaxed_bg.wasm",
  "dist/wasm/stytch_edge_verify_relaxed_bg.wasm",
];

/** The folder of the installed package. */
export const installed = dirname(fileURLToPath(import.meta.resolve("stytch-edge/package.json")));

/** The tests of the tarball, by name. */
export const tarballTests = {
  "the tarball contains exactly the listed files": () => {
    const found = readdirSync(installed, { recursive: true, withFileTypes: true });
    const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const files = paths.map((path) => path.slice(installed.length + 1));
    same(files.filter((file) => !FILES.includes(file)).join(), "", "files that are not listed");
    same(FILES.filter((file) => !files.includes(file)).join(), "", "missing files");
  },
  "the tarball contains every file that package.json names, and package.json names each once": () => {
    const { bin, exports, main, module, types, files } = about();
    const named = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(named));
    for (const path of named([bin, exports, main, module, types])) {
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
  // Registries display these fields, and npm refuses unsupported versions of Node by `engines`.
  "package.json describes the package, and has no dependencies": () => {
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
    ok(keywords.includes("stytch"), "the keywords contain the name of the API");
    deepSame(rest.peerDependencies, { "@opentelemetry/api": "^1.7.0", hono: "^4.0.0", next: ">=13.0.0" });
    deepSame(rest.peerDependenciesMeta, { "@opentelemetry/api": { optional: true }, hono: { optional: true }, next: { optional: true } });
    for (const field of ["dependencies", "optionalDependencies", "scripts"]) {
      same(rest[field], undefined, field);
    }
  },
  // Bundlers remove unused modules that are not listed, so modules with side effects must be listed.
  "sideEffects names exactly the files that start the wasm or set properties of the runtime": () => {
    const { sideEffects } = about();
    const deno = ["./dist/*/deno.cjs", "./dist/deno/*.cjs"];
    const entries = ["index", "verify"].flatMap((entry) => [`./dist/*/${entry}.js`, `./dist/*/${entry}.cjs`]);
    deepSame(sideEffects, [...entries, ...deno]);
    for (const file of DENO) ok(/\.resends_text ?= ?(true|!0)/.test(text(file)), file);
    const booting = /^boot(Lazily)?\(|\bboot\(new WebAssembly\.Module/m;
    const boots = CODE.filter((file) => booting.test(text(file)) || text(file).includes("WebAssembly.Instance"));
    same(boots.join(), CODE.filter((file) => /\/(index|verify)\./.test(file)).join());
  },
  "the wasm is inside a JavaScript module for Node and unknown runtimes, and a separate file for others": () => {
    const insides = { node: "_bg.wasm", standalone: "_bg.wasm", deno: "_relaxed_bg.wasm" };
    const files = { workerd: "_relaxed_bg.wasm?module", "edge-light": "_bg.wasm?module", browser: "_bg.wasm" };
    for (const [entry, name] of Object.entries({ index: "stytch_edge", verify: "stytch_edge_verify" })) {
      for (const [runtime, ending] of Object.entries(RUNTIMES)) {
        const code = text(`dist/${runtime}/${entry}.${ending}`);
        const base64 = (file) => readFileSync(join(installed, `dist/wasm/${name}${file}`)).toString("base64");
        const expected = insides[runtime] ? base64(insides[runtime]) : `"../wasm/${name}${files[runtime]}"`;
        ok(code.includes(expected), `${runtime}: ${entry}`);
        same(/[\w+/]{100000}/.test(code), runtime in insides, `${runtime}: ${entry}`);
      }
    }
  },
  "declarations contain no internal names": () => {
    for (const file of TYPES) {
      const code = text(file).replace(/\/\*.*?\*\//gs, "");
      ok(!/wasm|#private|\bCore\b|@internal|_types\.js"|\.\.\/\.\.\//.test(code.replaceAll('"wasm_not_ready"', "")), `${file} contains only public names`);
    }
  },
  "every exported declaration has a description": () => {
    for (const file of TYPES) {
      for (const [, before, name] of text(file).matchAll(/(\*\/|[^/])\n(export (?:declare )?(?:class|interface|type|function|const) \w+)/g)) {
        if (/^export (declare )?type \*/.test(name) || file.endsWith(".d.ts")) continue;
        same(before, "*/", `${file}: ${name}`);
      }
    }
  },
  "links in the package's README lead to files of the package": () => {
    for (const [link, target] of text("README.md").matchAll(/\]\((?!#|https:)([^)]*)\)/g)) {
      ok(FILES.includes(target), `${link} is in the tarball`);
    }
    matches(text("LICENSE-MIT"), /^MIT License/);
    matches(text("LICENSE-APACHE"), /Apache License/);
  },
  // A test of the checkout could pass while the published package is broken.
  "tests import the installed package, and not the checkout": () => {
    const tests = fileURLToPath(new URL("..", import.meta.url));
    for (const folder of ["conformance", "frameworks", "official", "otel", "packaging", "runtimes", "types"]) {
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
