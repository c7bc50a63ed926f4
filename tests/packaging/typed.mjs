// What the types look like from where tests/runtimes/types.mjs does not look: from
// Deno, and from TypeScript's CommonJS output when it runs.

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

/** Tests of the types, by name. */
export const typedTests = {
  "Deno type-checks a program that imports the package by its name": async () => {
    await denoCheck(await readFile(usage("usage.ts"), "utf8"));
  },
  "Deno type-checks a program that imports it as npm:stytch-edge": async () => {
    const text = await readFile(usage("usage.ts"), "utf8");
    await denoCheck(text.replaceAll(`"stytch-edge"`, `"npm:stytch-edge"`));
  },
  "Deno finds the mistake in a program that has one": async () => {
    const text = `import { Client } from "npm:stytch-edge";\nexport const wrong: number = Client.fromEnv(Deno.env);\n`;
    matches((await failure(() => denoCheck(text))).message, /TS2322/);
  },
  // `__esModule` decides whether such a program finds the default export or the whole module.
  "imports that TypeScript has compiled to CommonJS find what they name": () => {
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
  "the types of import and of require name every value that there is, and no other": async () => {
    const names = Object.keys(require("stytch-edge")).sort().join(" ");
    same(Object.keys(await import("stytch-edge")).sort().join(" "), names, "import");
    // TypeScript imports in the first file, and requires in the second.
    same(declaredValues("import.mts").join(" "), names, "types of import");
    same(declaredValues("require.cts").join(" "), names, "types of require");
  },
};

/** The names of the package that the compiler lets a file use as values. */
function declaredValues(file) {
  const lines = [`import * as all from "stytch-edge";`];
  const { program, source } = compiled(file, lines);
  const checker = program.getTypeChecker();
  const [{ moduleSpecifier }] = source.statements;
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(moduleSpecifier));
  const names = symbols.map((symbol) => symbol.name);
  // By an import of each: TypeScript 5.9 takes some names of types for values in `all.name`.
  lines.push(...names.map((name, at) => `import { ${name} as name${at} } from "stytch-edge"; void name${at};`));
  const { complaints } = compiled(file, lines);
  const wrong = complaints.map(({ file, start }) => file.getLineAndCharacterOfPosition(start).line);
  return names.filter((_, at) => !wrong.includes(at + 1)).sort();
}

function compiled(file, lines) {
  const path = join(newProject("names", [], { [file]: lines.join("\n") }), file);
  const module = ts.ModuleKind.NodeNext;
  const program = ts.createProgram([path], { module, noEmit: true, strict: true, types: [] });
  const source = program.getSourceFile(path);
  return { program, source, complaints: program.getSemanticDiagnostics(source) };
}

/** Fails with what Deno complains of. Its cache is empty, and it may not fetch anything. */
async function denoCheck(text) {
  const folder = newProject("deno-check", [], { "usage.ts": text });
  const given = ["check", "--no-remote", "--no-lock", "usage.ts"];
  const env = { ...process.env, DENO_DIR: join(folder, ".deno"), NO_COLOR: "1" };
  await promisify(execFile)(program("deno"), given, { cwd: folder, env }).catch(({ stdout, stderr }) => {
    throw new Error(stdout + stderr);
  });
}
