// The types: they compile the way people compile, and they are those of npm stytch,
// down to the last field, but for what is listed.

import { fileURLToPath } from "node:url";

import ts from "typescript";

import { deepSame, ok, same } from "../conformance/assert.js";
import { exportedNames, offers, operations, types } from "./inside/facts.mjs";
import { FAULTS, madeOfAny, withFaults, withoutOptionalFields } from "./inside/mutations.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { sideBySide } from "./inside/side-by-side.mjs";
import { NOT_MET, TYPE_DIFFERENCES } from "./inside/type-differences.mjs";

/** Ways to find modules, and the file that is compiled in each. */
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
tests["what npm stytch declares is declared here, and nothing else, but for what is listed"] = () => {
  none(
    [...differences].filter((text) => !listed(text)),
    "what is not listed",
  );
};
for (const [number, [said, why]] of TYPE_DIFFERENCES.entries()) {
  tests[`difference ${number + 1} is there: ${why}`] = () => {
    const found = [...differences].filter(is(said));
    if (said instanceof RegExp) return ok(found.length > 0, String(said));
    none(
      said.filter((text) => !found.includes(text)),
      "what is not so any more",
    );
  };
}
tests["196 operations in 222 methods, 609 names and 620 types are compared"] = () => {
  same(Object.keys(operations).length, 196);
  same(offers.length, 222);
  same(exportedNames.length, 609);
  same(Object.keys(types).length, 620);
  none(
    [...notCompared].filter((name) => !NOT_MET.has(name)),
    "what is not compared",
  );
  none(
    [...NOT_MET.keys()].filter((name) => !notCompared.has(name)),
    "what is compared after all",
  );
};
tests["declarations made of any are found out, name by name"] = () => {
  const { differences } = sideBySide(file, madeOfAny(exportedNames));
  for (const name of exportedNames) {
    ok(differences.has(`${name} is any`) || differences.has(`typeof ${name} is any`), `${name} is found out`);
  }
};
tests["each of 1,074 optional fields is missed where it is missing"] = () => {
  const { differences } = sideBySide(file, withoutOptionalFields());
  // The shape of an app is found where a method gives it; its name is a class there.
  const place = (name) => (name === "ConnectedApp" ? "ConnectedAppsClientsGetResponse.connected_app" : name);
  const fields = Object.entries(types).flatMap(([id, { fields = {} }]) => {
    const name = id.split("#")[1];
    const optional = Object.keys(fields).filter(
      (field) => exportedNames.includes(name) && field.endsWith("?"),
    );
    return optional.map((field) => `${place(name)}.${field.slice(0, -1)} is missing`);
  });
  same(fields.length, 1074);
  none(
    fields.filter((text) => !differences.has(text)),
    "what is not missed",
  );
};
tests["each of some faults is found, and nothing else"] = () => {
  const found = [...sideBySide(file, withFaults()).differences].filter((text) => !differences.has(text));
  const faults = new Set(FAULTS.flatMap(([, , , ...faults]) => faults));
  deepSame(found.sort(), [...faults].sort());
};
report(await runOwn(tests), WAYS.length + TYPE_DIFFERENCES.length + 5);

function none(texts, what) {
  if (texts.length > 0) throw new Error(`${what}:\n${texts.join("\n")}`);
}

/** Fails if the compiler complains of a file. */
function compiles(file, options) {
  const program = ts.createProgram([file], { ...OPTIONS, ...options });
  const format = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => here(""),
    getNewLine: () => "\n",
  };
  const complaints = ts.formatDiagnosticsWithColorAndContext(ts.getPreEmitDiagnostics(program), format);
  if (complaints) throw new Error(complaints);
}
