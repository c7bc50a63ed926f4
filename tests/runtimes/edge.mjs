// Vercel's Edge runtime, in Vercel's own sandbox for local use.

import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { EdgeVM } from "@edge-runtime/vm";

import { expectedCount } from "../conformance/suite.js";
import { bundle, WASMS } from "./inside/bundle.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { report, runOwn } from "./inside/report.mjs";

const { end, ...emulator } = await startEmulator();
const folder = temporaryFolder("edge");
const outfile = join(folder, "edge.js");
// Vercel's build replaces a `?module` import with a compiled module.
const plugin = ({ path }) => {
  if (!path.endsWith("?module")) throw new Error(`edge-light cannot import ${path}`);
  return { path: basename(path).replace("?module", ""), namespace: "wasm" };
};
await bundle("edge.mjs", {
  condition: "edge-light",
  outfile,
  define: { EMULATOR: JSON.stringify(emulator) },
  format: "iife",
  wasm: plugin,
  compiled: (name) => `export default globalThis.COMPILED[${JSON.stringify(name)}]`,
});
const source = await readFile(outfile, "utf8");
const files = await Promise.all(Object.entries(WASMS).map(async ([name, path]) => [name, await readFile(path)]));

const own = await runOwn({
  // Next.js compiles the module outside the sandbox, so it is an instance of another WebAssembly.Module class.
  "starts from a module that was compiled outside the sandbox": async () => {
    sandbox(await modules(WebAssembly.compile)).evaluate(source);
  },
});
const vm = sandbox();
vm.context.COMPILED = await modules(vm.evaluate("(bytes) => new WebAssembly.Module(bytes)"));
vm.evaluate(source);
const answer = await vm.dispatchFetch("https://edge.example/");
const results = JSON.parse(await answer.text());
await answer.waitUntil();
await end();
report([...results, ...own], expectedCount("edge") + 1);

function sandbox(compiled) {
  return new EdgeVM({ extend: (context) => Object.assign(context, { COMPILED: compiled }) });
}

/** The compiled modules, by the names of their files. */
async function modules(compile) {
  return Object.fromEntries(await Promise.all(files.map(async ([name, bytes]) => [name, await compile(bytes)])));
}
