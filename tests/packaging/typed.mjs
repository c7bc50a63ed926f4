// The types in cases that tests/runtimes/types.mjs does not cover: in Deno, and in TypeScript's
// CommonJS output at run time.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import ts from "typescript";

import { failure, matches, same } from "../conformance/assert.js";
import { program } from "../runtimes/inside/child.mjs";
import { newProject } from "./project.mjs";

const require = createRequire(import.meta.url);
const usage = (name) => fileURLToPath(new URL(`../types/${name}`, import.meta.url));

/** The tests of the types, by name. */
export const typedTests = {
  "Deno type-checks a program that imports the package by its name": async () => {
    await denoCheck(await readFile(usage("usage.ts"), "utf8"));
  },
  "Deno type-checks a program that imports it as npm:stytch-edge": async () => {
    const text = await readFile(usage("usage.ts"), "utf8");
    await denoCheck(text.replaceAll(`"stytch-edge"`, `"npm:stytch-edge"`));
  },
  "Deno reports the mistake in a program": async () => {
    const text = `import { Client } from "npm:stytch-edge";\nexport const wrong: number = Client.fromEnv(Deno.env);\n`;
    matches((await failure(() => denoCheck(text))).message, /TS2322/);
  },
  // `__esModule` determines whether such a program receives the default export or the whole module.
  "imports that TypeScript compiled to CommonJS resolve to the right exports": () => {
    const text = `import stytch, { Client, envs } from "stytch-edge";\nimport * as all from "stytch-edge";\nexport { stytch, Client, envs, all };\n`;
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, esModuleInterop: true },
    });
    const exports = {};
    new Function("exports", "require", outputText)(exports, require);
    const { Client, default: stytch, envs } = require("stytch-edge");
    for (const [name, value] of Object.entries({ Client, stytch, envs })) same(exports[name], value, name);
    same(exports.all.default, stytch);
  },
  "the types of import and of require declare exactly the exported values": async () => {
    const names = Object.keys(require("stytch-edge")).sort().join(" ");
    same(Object.keys(await import("stytch-edge")).sort().join(" "), names, "import");
    // TypeScript compiles the first file to import, and the second to require.
    same(declaredValues("import.mts").join(" "), names, "types of import");
    same(declaredValues("require.cts").join(" "), names, "types of require");
  },
};

/** The names of the package that the compiler accepts as values. */
function declaredValues(file) {
  const lines = [`import * as all from "stytch-edge";`];
  const { program, source } = compiled(file, lines);
  const checker = program.getTypeChecker();
  const [{ moduleSpecifier }] = source.statements;
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(moduleSpecifier));
  const names = symbols.map((symbol) => symbol.name);
  // Each name has its own import, because TypeScript 5.9 accepts some type names as values in `all.name`.
  lines.push(...names.map((name, at) => `import { ${name} as name${at} } from "stytch-edge"; void name${at};`));
  const { diagnostics } = compiled(file, lines);
  const wrong = diagnostics.map(({ file, start }) => file.getLineAndCharacterOfPosition(start).line);
  return names.filter((_, at) => !wrong.includes(at + 1)).sort();
}

function compiled(file, lines) {
  const path = join(newProject("names", [], { [file]: lines.join("\n") }), file);
  const module = ts.ModuleKind.NodeNext;
  const program = ts.createProgram([path], { module, noEmit: true, strict: true, types: [] });
  const source = program.getSourceFile(path);
  return { program, source, diagnostics: program.getSemanticDiagnostics(source) };
}

/** Fails with Deno's output if the check fails. Deno's cache is empty, and it must not fetch. */
async function denoCheck(text) {
  const folder = newProject("deno-check", [], { "usage.ts": text });
  const given = ["check", "--no-remote", "--no-lock", "usage.ts"];
  const env = { ...process.env, DENO_DIR: join(folder, ".deno"), NO_COLOR: "1" };
  await promisify(execFile)(program("deno"), given, { cwd: folder, env }).catch(({ stdout, stderr }) => {
    throw new Error(stdout + stderr);
  });
}
