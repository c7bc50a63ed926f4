// Builds dist/ from src/ and wasm/: JavaScript for each runtime by Rolldown, declarations by
// TypeScript. `cargo xtask build` runs it after it has compiled the wasm.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { rolldown } from "rolldown";

const here = dirname(fileURLToPath(import.meta.url));
const path = (relative) => join(here, relative);

/** The entries that start a wasm, each its own, and the files of that wasm. They are files of src/entry/. */
const WASM_OF = { index: "stytch_edge", verify: "stytch_edge_verify" };

/** The entries of which each runtime has its own file. */
const ENTRIES = [...Object.keys(WASM_OF), "routes", "hono", "express", "fastify", "next", "sveltekit", "react-router", "astro", "nuxt"];

/** The exports of the entries that cannot be imported here, because they import a framework. */
const EXPORTS_OF = { next: ["guardRoute", "logInRoutes", "logOut", "requireSession", "session", "sessionProxy", "setCookies"] };

/** The other ones. All runtimes share their ES module in standalone/ and their CommonJS module in node/. */
const SHARED_ENTRIES = ["otel"];

/**
 * The modules that exist once for each wasm: the wasm, and the modules that import it. All entries share the other ones, so
 * that an error has the same class whichever entry throws it.
 */
const OF_WASM = ["#boot", "#wasm", "wasm-as-base64", "inline.js", "engine.js", "core.js", "host.js", "recall.js", "verify.js"];

/**
 * The folders of dist/: how the wasm is started (a file of src/boot/), and the format of modules. Deno reads the source
 * map of what it imports, and every line, before the program starts: `isTerse` saves it a quarter of the import. A folder with
 * `isShared` also has the entries without the wasm. `relaxed` is the wasm in relaxed SIMD, which Node 20, Bun and Safari cannot
 * use.
 */
const RUNTIMES = [
  { folder: "node", boot: "node", format: "cjs", isShared: true },
  { folder: "standalone", boot: "standalone", format: "es", isTerse: true, isShared: true },
  { folder: "deno", boot: "deno", format: "es", isTerse: true, relaxed: true },
  { folder: "workerd", boot: "workerd", format: "es", relaxed: true },
  { folder: "edge-light", boot: "edge-light", format: "es" },
  { folder: "browser", boot: "browser", format: "es" },
];

async function build() {
  rmSync(path("dist"), { recursive: true, force: true });
  declarations();
  for (const runtime of RUNTIMES) await bundle(runtime);
  for (const entry of ENTRIES) await withoutCode(entry);
  await command();
  mkdirSync(path("dist/wasm"), { recursive: true });
  for (const name of Object.values(WASM_OF).flatMap((name) => [name, `${name}_relaxed`])) {
    cpSync(path(`wasm/${name}_bg.wasm`), path(`dist/wasm/${name}_bg.wasm`));
  }
}

/**
 * The code of `logInRoutes`, and of Node's requests, is in a file of its own, because the clients do not use it. What the clients use
 * must not import it: Rollup warns of files that import each other.
 */
const LOG_IN_ROUTES = { name: "log_in_routes", test: /\/src\/(adapters\/(log_in_routes|form|node)|routes)\.ts$/, priority: 1, includeDependenciesRecursively: false };

/** One file for each entry, one for the routes of log-ins, and one for what the entries share. */
async function bundle({ folder, boot, format, isTerse, isShared, relaxed }) {
  const ending = format === "cjs" ? "cjs" : "js";
  const entries = isShared ? [...ENTRIES, ...SHARED_ENTRIES] : ENTRIES;
  const build = await rolldown({
    input: {
      ...Object.fromEntries(entries.map((entry) => [entry, path(`src/entry/${entry}.ts`)])),
      ...(format === "cjs" && { deno: path("src/boot/deno-commonjs.ts") }),
    },
    external: [/^cloudflare:/, /^next\//, "@opentelemetry/api"],
    // Nothing is replaced, polyfilled or resolved for one runtime only.
    platform: "neutral",
    plugins: [ofVerify(boot, relaxed), ofClients(boot, relaxed), version],
  });
  await build.write({
    dir: path(`dist/${folder}`),
    format,
    exports: "named",
    esModule: true,
    // As TypeScript and Babel mark ES modules, which tools look for.
    generatedCode: { symbols: false },
    sourcemap: !isTerse,
    ...(isTerse && { minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } } }),
    comments: { legal: true, annotation: true, jsdoc: false },
    entryFileNames: `[name].${ending}`,
    chunkFileNames: `[name].${ending}`,
    codeSplitting: { groups: [LOG_IN_ROUTES, { name: "core", minShareCount: 2 }] },
  });
  await build.close();
}

/** Writes the command `stytch-edge`, an ES module over the package's module for Node. */
async function command() {
  const build = await rolldown({
    input: path("src/cli.ts"),
    platform: "neutral",
    plugins: [overThePackage],
  });
  await build.write({ file: path("dist/cli.js"), format: "es", banner: "#!/usr/bin/env node" });
  await build.close();
}

/** The package itself is not bundled again. `#version` is its version. */
const overThePackage = {
  name: "over-the-package",
  resolveId(id) {
    if (id === "./index.js") return { id: "./node/index.js", external: true };
    return id === "#version" ? "\0version" : null;
  },
  load(id) {
    if (id !== "\0version") return null;
    return `export default ${JSON.stringify(JSON.parse(readFileSync(path("package.json"), "utf8")).version)};`;
  },
};

/** `package-version` is the version in package.json. */
const version = {
  name: "version",
  resolveId: (id) => (id === "package-version" ? `\0${id}` : null),
  load: (id) => (id === "\0package-version" ? `export { version as default } from ${JSON.stringify(path("package.json"))};` : null),
};

/** The modules of the wasm for the clients. */
const ofClients = (boot, relaxed) => ({ name: "of-clients", ...modulesOf(WASM_OF.index, boot, relaxed, "") });

/** The modules of the wasm for `verify`, which are those of the clients with a suffix. */
function ofVerify(boot, relaxed) {
  const { resolveId, load } = modulesOf(WASM_OF.verify, boot, relaxed, SUFFIX);
  return {
    name: "of-verify",
    resolveId(id, importer) {
      if (!importer?.endsWith(SUFFIX) && !importer?.endsWith("/entry/verify.ts")) return null;
      const own = resolveId(id);
      if (own || !OF_WASM.some((name) => id.endsWith(`/${name}`))) return own;
      const file = join(dirname(importer), id).replace(/\.js$/, ".ts");
      return { id: file + SUFFIX, moduleSideEffects: false };
    },
    load(id) {
      if (!id.endsWith(SUFFIX)) return null;
      return load(id) ?? { code: readFileSync(id.slice(0, -SUFFIX.length), "utf8"), moduleType: "ts" };
    },
  };
}

/**
 * What depends on the wasm called `name`. `#boot` is a file of src/boot/, which starts it when it is imported, `#wasm` is its
 * glue, `wasm-as-base64` its text in a module, and an import of a wasm is that of a file next to the output.
 */
function modulesOf(name, boot, relaxed, suffix) {
  const boots = path(`src/boot/${boot}.ts`) + suffix;
  const file = `${name}${relaxed ? "_relaxed" : ""}_bg.wasm`;
  return {
    resolveId(id) {
      if (id === "#boot") return { id: boots, moduleSideEffects: true };
      if (id === "#wasm") return path(`wasm/${name}.js`);
      if (id === "wasm-as-base64") return `\0${id}${suffix}`;
      return /\.wasm(\?module)?$/.test(id) ? { id: `../wasm/${file}${/\?module$/.exec(id) ?? ""}`, external: true } : null;
    },
    load(id) {
      if (id === `\0wasm-as-base64${suffix}`) return `export default ${JSON.stringify(readFileSync(path(`wasm/${file}`), "base64"))};`;
      if (id !== boots) return null;
      const code = readFileSync(id.slice(0, id.length - suffix.length), "utf8");
      return { code: code.replaceAll("stytch_edge_bg.wasm", file), moduleType: "ts" };
    },
  };
}

const SUFFIX = "?verify";

/** Writes the modules that have nothing of their own but the names of an entry's exports. */
async function withoutCode(entry) {
  const { default: clients, ...named } = await exportsOf(entry);
  writeFileSync(path(`dist/node/${entry}.js`), esModuleOverCommonJs(entry, Object.keys(named), clients));
  writeFileSync(path(`dist/deno/${entry}.cjs`), `require("../node/deno.cjs");\nmodule.exports = require("../node/${entry}.cjs");\n`);
  mkdirSync(path("dist/nitro-without-wasm"), { recursive: true });
  writeFileSync(path(`dist/nitro-without-wasm/${entry}.js`), explanation(Object.keys({ ...named, ...(clients && { default: clients }) })));
}

async function exportsOf(entry) {
  const names = EXPORTS_OF[entry];
  return names ? Object.fromEntries(names.map((name) => [name, undefined])) : (await import(path(`dist/node/${entry}.cjs`))).default;
}

/**
 * The ES module for Node names the exports of the CommonJS one, so that `import` and `require` in one process
 * share one instance. By `createRequire`, because Node reads through a CommonJS file for the names of its exports
 * before it imports it, which takes longer than all the rest. Bundlers get a module that they can follow, by the
 * condition `module`; `bun build --target node` does not know it, and follows `require`.
 */
function esModuleOverCommonJs(entry, names, clients) {
  const lines = [
    `import { createRequire } from "node:module";\n`,
    `const exported = typeof require === "function" ? require("./${entry}.cjs") : createRequire(import.meta.url)("./${entry}.cjs");\n`,
    `export const { ${names.join(", ")} } = exported;`,
    ...(clients ? ["export default exported.default;"] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * What Nitro builds for workers if its wasm option is off. Otherwise the build fails with an error that does not name the option.
 * A bare `throw` would make Rollup drop what follows it.
 */
function explanation(names) {
  const lines = names.map((name) => (name === "default" ? "export default explain();" : `export const ${name} = explain();`));
  const message = "stytch-edge is WebAssembly; in nuxt.config.ts set nitro: { experimental: { wasm: true } }, in nitro.config.ts experimental: { wasm: true }";
  return `const explain = () => {\n  throw new Error(${JSON.stringify(message)});\n};\n\n${lines.join("\n")}\n`;
}

/**
 * Declarations, once: as those of CommonJS, which both kinds of modules may import, so that a class
 * is the same type whichever way it was imported.
 */
function declarations() {
  const made = path("dist/declarations");
  execFileSync(path("node_modules/.bin/tsc"), ["--project", here, "--outDir", made], { stdio: "inherit" });
  const entries = [...ENTRIES, ...SHARED_ENTRIES];
  const queue = entries.map((entry) => `${entry}.d.ts`);
  for (const file of queue) {
    const text = readFileSync(join(made, file), "utf8");
    const { text: commonJs, imported } = asCommonJs(text, dirname(file));
    for (const other of imported) if (!queue.includes(other)) queue.push(other);
    const output = path(`dist/types/${file.replace(/\.d\.ts$/, ".d.cts")}`);
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, commonJs);
  }
  for (const entry of entries) writeFileSync(path(`dist/types/${entry}.d.ts`), DECLARATIONS[entry] ?? `export * from "./${entry}.cjs";\n`);
  rmSync(made, { recursive: true });
}

function asCommonJs(text, folder) {
  const imported = [];
  const renamed = text.replace(/(?<=\b(?:from|import)\b[ (]*")(\.[^"]*)\.js(?=")/g, (_, relative) => {
    imported.push(`${join(folder, relative)}.d.ts`);
    return `${relative}.cjs`;
  });
  // TypeScript would refuse any other object for such a class, for instance a test's object.
  return { text: renamed.replace(/^ +#private;\n(\n(?=}))?/gm, ""), imported };
}

/** To an ES module, the default export of a CommonJS one is the whole of it. */
const DECLARATIONS = {
  index: `import { B2BClient, Client, SamlShieldClient } from "./index.cjs";

export * from "./index.cjs";
export { B2BClient, Client, SamlShieldClient };

declare const clients: {
    Client: typeof Client;
    B2BClient: typeof B2BClient;
    SamlShieldClient: typeof SamlShieldClient;
};
export default clients;
`,
};

await build();
