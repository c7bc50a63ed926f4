// Builds dist/ from src/ and wasm/: JavaScript for each kind of runtime by Rolldown, declarations by TypeScript.
// `cargo xtask build --emulator` runs it after it has compiled the wasm.

import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { rolldown } from "rolldown";

const here = dirname(fileURLToPath(import.meta.url));
const path = (relative) => join(here, relative);

/** The folders of dist/: how the wasm is started (a file of src/boot/), and the format of modules. */
const RUNTIMES = [
  { folder: "node", boot: "inline", format: "cjs" },
  { folder: "standalone", boot: "inline", format: "es" },
  { folder: "workerd", boot: "workerd", format: "es" },
];

async function build() {
  rmSync(path("dist"), { recursive: true, force: true });
  declarations();
  for (const runtime of RUNTIMES) await bundle(runtime);
  await command();
  mkdirSync(path("dist/wasm"), { recursive: true });
  cpSync(path(`wasm/${WASM}`), path(`dist/wasm/${WASM}`));
}

async function bundle({ folder, boot, format }) {
  // Nothing is replaced, polyfilled or resolved for one runtime only.
  const build = await rolldown({ input: path("src/index.ts"), platform: "neutral", plugins: [modules(boot)] });
  const ending = format === "cjs" ? "cjs" : "js";
  await build.write({
    dir: path(`dist/${folder}`),
    format,
    exports: "named",
    esModule: true,
    comments: { legal: true, annotation: true, jsdoc: false },
    entryFileNames: `index.${ending}`,
    chunkFileNames: `[name].${ending}`,
    // A file of its own, because tools read the other one line by line.
    codeSplitting: { groups: [{ name: "wasm", test: /wasm-as-base64/ }] },
  });
  await build.close();
}

/** Writes the command `stytch-emulator`, an ES module for Node. */
async function command() {
  const build = await rolldown({ input: path("src/server/cli.ts"), platform: "node", plugins: [modules("file")] });
  await build.write({ file: path("dist/cli.js"), format: "es", banner: "#!/usr/bin/env node", comments: { jsdoc: false } });
  await build.close();
  chmodSync(path("dist/cli.js"), 0o755);
}

/** `#boot` is a file of src/boot/, `#wasm` the glue, `wasm-as-base64` the text of the wasm, `package-version` the version. */
function modules(boot) {
  return {
    name: "modules",
    resolveId(id) {
      if (id === "#boot") return path(`src/boot/${boot}.ts`);
      if (id === "#wasm") return path("wasm/stytch_emulator.js");
      if (id === "wasm-as-base64" || id === "package-version") return `\0${id}`;
      return id.endsWith(`${WASM}?module`) ? { id: `../wasm/${WASM}?module`, external: true } : null;
    },
    load(id) {
      if (id === "\0wasm-as-base64") return `export default ${JSON.stringify(readFileSync(path(`wasm/${WASM}`), "base64"))};`;
      return id === "\0package-version" ? `export { version } from ${JSON.stringify(path("package.json"))};` : null;
    },
  };
}

/** Declarations, once: as those of CommonJS, which both kinds of modules may import. */
function declarations() {
  const tsc = (project, ...more) => execFileSync(path("node_modules/.bin/tsc"), ["--project", path(project), ...more], { stdio: "inherit" });
  tsc("tsconfig.json", "--outDir", path("dist/types"));
  tsc("tsconfig.server.json");
  rmSync(path("dist/types/boot"), { recursive: true });
  for (const file of readdirSync(path("dist/types"))) {
    const text = readFileSync(path(`dist/types/${file}`), "utf8");
    const commonJs = text.replace(/(?<=\b(?:from|import)\b[ (]*")(\.[^"]*)\.js(?=")/g, "$1.cjs").replace(/^ +#private;\n/gm, "");
    writeFileSync(path(`dist/types/${file}`), commonJs);
    renameSync(path(`dist/types/${file}`), path(`dist/types/${file.replace(/\.d\.ts$/, ".d.cts")}`));
  }
  writeFileSync(path("dist/types/index.d.ts"), `export * from "./index.cjs";\n`);
}

const WASM = "stytch_emulator_bg.wasm";

await build();
