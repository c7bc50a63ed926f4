// The types: they compile the way people compile, and they are those of npm
// stytch as far as they go.

import { fileURLToPath } from "node:url";

import ts from "typescript";

import { report, runOwn } from "./inside/report.mjs";
import { sideBySide } from "./inside/side-by-side.mjs";

/** Ways to find modules, and the file that is compiled in each. */
const WAYS = [
  ["usage.ts", "ESNext", "Bundler"],
  ["usage.ts", "Node16", "Node16"],
  ["usage.ts", "NodeNext", "NodeNext"],
  ["usage.cts", "Node16", "Node16"],
  ["usage.cts", "NodeNext", "NodeNext"],
  ["usage.cts", "CommonJS", "Node10"],
];

const OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
};

const here = (path) => fileURLToPath(new URL(`../types/${path}`, import.meta.url));
const tests = {};
for (const [file, module, moduleResolution] of WAYS) {
  tests[`${file} compiles with module ${module} and resolution ${moduleResolution}`] = () => {
    compiles(here(file), {
      module: ts.ModuleKind[module],
      moduleResolution: ts.ModuleResolutionKind[moduleResolution],
    });
  };
}
for (const [name, text] of Object.entries(sideBySide(here("side-by-side.ts"), OPTIONS))) {
  tests[name] = () => compiles(here("side-by-side.ts"), { skipLibCheck: true }, text);
}
report(await runOwn(tests), WAYS.length + 3);

/** Fails if the compiler complains of a file, or of a text in its place. */
function compiles(file, options, text) {
  const host = ts.createCompilerHost({});
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) =>
    name === file && text !== undefined
      ? ts.createSourceFile(name, text, version)
      : getSourceFile(name, version);
  const program = ts.createProgram([file], { ...OPTIONS, ...options }, host);
  const format = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => here(""),
    getNewLine: () => "\n",
  };
  const complaints = ts.formatDiagnosticsWithColorAndContext(ts.getPreEmitDiagnostics(program), format);
  if (complaints) throw new Error(complaints);
}
