// Traps inside the wasm, in Node and in workerd. It is the published wasm, in which wasm-opt
// has inserted a call of the test at every step.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { bundleWorker, WASM_FOLDER, WORKERD_WASMS } from "./inside/bundle.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { oneWorker, serveWorkers } from "./inside/serve-workers.mjs";
import * as trapping from "./inside/trapping.mjs";
import { trapTests } from "./inside/traps.mjs";

const folder = temporaryFolder("trap");
const tool = process.env.STYTCH_WASM_OPT;
if (!tool) throw new Error("STYTCH_WASM_OPT must name wasm-opt");
// The features that wasm-opt may use. "All features" includes some that these runtimes do not support.
const features = [
  "bulk-memory",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
  "simd",
];
const telling = tellingOf("stytch_edge_bg.wasm", features);

const results = [...named("node", await inNode()), ...named("workerd", await inWorkerd())];
report(results, 6);

async function inNode() {
  const { Module } = WebAssembly;
  WebAssembly.Module = function () {
    return new Module(readFileSync(telling));
  };
  WebAssembly.Module.prototype = Module.prototype;
  return runOwn(await trapTests(await import("stytch-edge"), trapping));
}

async function inWorkerd() {
  await bundleWorker("trap-worker.mjs", folder);
  const [clients] = WORKERD_WASMS;
  await copyFile(tellingOf(clients, [...features, "relaxed-simd"]), join(folder, clients));
  await writeFile(join(folder, "config.capnp"), oneWorker("2025-03-01"));
  const { urls, end } = await serveWorkers(folder, ["worker"]);
  const results = await (await fetch(urls.worker)).json();
  await end();
  return results;
}

/** A copy of a wasm file that calls the test at every step. */
function tellingOf(name, features) {
  const output = join(folder, `telling-${name}`);
  execFileSync(tool, [join(WASM_FOLDER, name), "-o", output, ...features.map((name) => `--enable-${name}`), "--log-execution"]);
  return output;
}

function named(runtime, results) {
  return results.map((result) => ({ ...result, name: `${runtime}: ${result.name}` }));
}
