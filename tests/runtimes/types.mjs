// The types: they compile with common compiler options, and they are equal to the types of npm
// stytch in every field, except for the listed differences. The TypeScript blocks of the documents compile.

import { fileURLToPath } from "node:url";

import ts from "typescript";

import { deepSame, ok, same } from "../conformance/assert.js";
import { blockTypeTests } from "./inside/block-types.mjs";
import { exportedNames, offers, operations, types } from "./inside/facts.mjs";
import { FAULTS, madeOfAny, withFaults, withoutOptionalFields } from "./inside/mutations.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { sideBySide } from "./inside/side-by-side.mjs";
import { NOT_MET, TYPE_DIFFERENCES } from "./inside/type-differences.mjs";

/** The file, the module kind and the module resolution of each compilation. */
const WAYS = [
  ["usage.ts", "ESNext", "Bundler"],
  ["usage.ts", "Node16", "Node16"],
  ["usage.ts", "NodeNext", "NodeNext"],
  ["handlers.ts", "ESNext", "Bundler"],
  ["handlers.ts", "NodeNext", "NodeNext"],
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
  types: [],
};

const here = (path) => fileURLToPath(new URL(`../types/${path}`, import.meta.url));
const file = here("side-by-side.ts");
const { differences, notCompared } = sideBySide(file);
const is = (said) => (text) => (said instanceof RegExp ? said.test(text) : said.includes(text));
const listed = (text) => TYPE_DIFFERENCES.some(([said]) => is(said)(text));

const tests = {};
for (const [file, module, moduleResolution] of WAYS) {
  tests[`${file} compiles with module ${module} and resolution ${moduleResolution}`] = () =>
    compiles(here(file), {
      module: ts.ModuleKind[module],
      moduleResolution: ts.ModuleResolutionKind[moduleResolution],
    });
}
tests["declares the same as npm stytch, except for the listed differences"] = () => {
  none(
    [...differences].filter((text) => !listed(text)),
    "differences that are not listed",
  );
};
for (const [number, [said, why]] of TYPE_DIFFERENCES.entries()) {
  tests[`listed difference ${number + 1}: ${why}`] = () => {
    const found = [...differences].filter(is(said));
    if (said instanceof RegExp) return ok(found.length > 0, String(said));
    none(
      said.filter((text) => !found.includes(text)),
      "listed differences that do not occur",
    );
  };
}
tests["compares 196 operations in 222 methods, 609 names and 620 types"] = () => {
  same(Object.keys(operations).length, 196);
  same(offers.length, 222);
  same(exportedNames.length, 609);
  same(Object.keys(types).length, 620);
  none(
    [...notCompared].filter((name) => !NOT_MET.has(name)),
    "types that were not compared",
  );
  none(
    [...NOT_MET.keys()].filter((name) => !notCompared.has(name)),
    "types that were compared and are listed as not compared",
  );
};
tests["finds every declaration that is replaced with any"] = () => {
  const { differences } = sideBySide(file, madeOfAny(exportedNames));
  for (const name of exportedNames) {
    ok(differences.has(`${name} is any`) || differences.has(`typeof ${name} is any`), `${name} is reported`);
  }
};
tests["finds each of 1,074 missing optional fields"] = () => {
  const { differences } = sideBySide(file, withoutOptionalFields());
  // In npm stytch, ConnectedApp is a class. The fields of an app are compared in the result of a method.
  const pathOf = (name) => (name === "ConnectedApp" ? "ConnectedAppsClientsGetResponse.connected_app" : name);
  const fields = Object.entries(types).flatMap(([id, { fields = {} }]) => {
    const name = id.split("#")[1];
    const optional = Object.keys(fields).filter(
      (field) => exportedNames.includes(name) && field.endsWith("?"),
    );
    return optional.map((field) => `${pathOf(name)}.${field.slice(0, -1)} is missing`);
  });
  same(fields.length, 1074);
  none(
    fields.filter((text) => !differences.has(text)),
    "missing fields that are not reported",
  );
};
tests["finds exactly the faults of the list"] = () => {
  const found = [...sideBySide(file, withFaults()).differences].filter((text) => !differences.has(text));
  const faults = new Set(FAULTS.flatMap(([, , , ...faults]) => faults));
  deepSame(found.sort(), [...faults].sort());
};
Object.assign(tests, blockTypeTests);
report(await runOwn(tests), WAYS.length + TYPE_DIFFERENCES.length + 8);

function none(texts, what) {
  if (texts.length > 0) throw new Error(`${what}:\n${texts.join("\n")}`);
}

/** Fails if the compiler reports a diagnostic for a file. */
function compiles(file, options) {
  const program = ts.createProgram([file], { ...OPTIONS, ...options });
  const format = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => here(""),
    getNewLine: () => "\n",
  };
  const diagnostics = ts.formatDiagnosticsWithColorAndContext(ts.getPreEmitDiagnostics(program), format);
  if (diagnostics) throw new Error(diagnostics);
}
