// The package `stytch-emulator`, installed from its tarball: its suite in Node (import and require), Deno, Bun, workerd, Chromium,
// Vitest and Jest, its command, and the examples of the guide.

import { execFile } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { build } from "esbuild";

import { ok } from "../conformance/assert.js";
import { EXPECTED } from "../emulator/suite.js";
import { commandTests } from "../emulator/command.mjs";
import { guideTests } from "../emulator/guide.mjs";
import { nodeTests } from "../emulator/node.mjs";
import { startBrowser } from "./inside/browser.mjs";
import { WORKERD_WASMS, WASM_FOLDER } from "./inside/bundle.mjs";
import { program } from "./inside/child.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { serveWorkers } from "./inside/serve-workers.mjs";

const FOLDER = fileURLToPath(new URL("../emulator/", import.meta.url));
const inFolder = (name) => join(FOLDER, name);
const require = createRequire(inFolder("package.json"));
const execute = promisify(execFile);

/** Each returns the results of the suite. */
const RUNTIMES = {
  "node-import": () => inProcess(process.execPath, [], "process.mjs"),
  "node-require": () => inProcess(process.execPath, [], "process.cjs"),
  deno: () => inProcess(program("deno"), ["run", "--no-prompt", "--no-remote", "--no-lock"], "process.mjs"),
  bun: () => inProcess(program("bun"), ["run"], "process.mjs"),
  workerd: inWorkerd,
  chromium: inChromium,
};

const results = [];
for (const [runtime, start] of Object.entries(RUNTIMES)) {
  results.push(...(await start(runtime).catch((error) => [{ name: `${runtime}: starts`, problem: `${error.stack}${error.stdout ?? ""}`, ms: 0 }])));
}
const runners = await runOwn({
  "jest: the suite as its tests": async () => {
    const { stderr } = await execute(inFolder("node_modules/.bin/jest"), ["--ci", "--no-cache"], { cwd: inFolder("jest") });
    ok(new RegExp(`^Tests: +${EXPECTED} passed, ${EXPECTED} total$`, "m").test(stderr), stderr);
  },
  "vitest: the suite as its tests": async () => {
    // Vitest requires a newer Node.
    const env = { ...process.env, PATH: `${process.env.WRANGLER_NODE_BIN}:${process.env.PATH}` };
    const { stdout } = await execute(inFolder("node_modules/.bin/vitest"), ["run"], { cwd: inFolder("vitest"), env });
    ok(new RegExp(`Tests +${EXPECTED} passed \\(${EXPECTED}\\)`).test(stdout.replace(/\x1b\[[\d;]*m/g, "")), stdout);
  },
});
const ownTests = { ...nodeTests(require), ...commandTests(inFolder("node_modules/.bin/stytch-emulator"), require), ...guideTests(require) };
const own = await runOwn(ownTests);
report([...results, ...runners, ...own], Object.keys(RUNTIMES).length * EXPECTED + runners.length + Object.keys(ownTests).length);

async function inProcess(command, options, file) {
  const { stdout } = await execute(command, [...options, inFolder(file)], { cwd: FOLDER, maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
}

async function inWorkerd() {
  const folder = temporaryFolder("emulator-workerd");
  const wasm = (setup) => setup.onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path }) => ({ path: `./${path.split("/").at(-1).replace("?module", "")}`, external: true }));
  await bundled("worker.mjs", join(folder, "worker.js"), { conditions: ["workerd"], external: ["cloudflare:workers"], plugins: [{ name: "wasm", setup: wasm }] });
  const emulators = "stytch_emulator_bg.wasm";
  copyFileSync(inFolder(`node_modules/stytch-emulator/dist/wasm/${emulators}`), join(folder, emulators));
  for (const name of WORKERD_WASMS) copyFileSync(join(WASM_FOLDER, name), join(folder, name));
  const modules = [emulators, ...WORKERD_WASMS].map((name) => `(name = "${name}", wasm = embed "${name}")`);
  writeFileSync(join(folder, "config.capnp"), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "worker", worker = (
    modules = [(name = "worker.js", esModule = embed "worker.js"), ${modules.join(", ")}],
    compatibilityDate = "2025-03-01"))],
  sockets = [(name = "worker", address = "127.0.0.1:0", http = (), service = "worker")]);
`);
  const { urls, end } = await serveWorkers(folder, ["worker"]);
  try {
    return await (await fetch(urls.worker)).json();
  } finally {
    await end();
  }
}

/** A bundle, as a page of an application would have it. */
async function inChromium() {
  const folder = temporaryFolder("emulator-page");
  mkdirSync(join(folder, "assets"));
  await bundled("page.mjs", join(folder, "assets/page.js"), {});
  cpSync(WASM_FOLDER, join(folder, "wasm"), { recursive: true });
  const { default: files } = await import("../emulator/files.mjs");
  const server = createServer(files(folder)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    const messages = [];
    page.on("console", (message) => messages.push(message.text()));
    page.on("pageerror", (error) => messages.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => globalThis.runSuite, undefined, { timeout: 10_000 }).catch(() => {
      throw new Error(messages.join("\n"));
    });
    return await page.evaluate(() => globalThis.runSuite());
  } finally {
    await browser.close();
    server.close();
  }
}

function bundled(entry, outfile, options) {
  return build({ entryPoints: [inFolder(entry)], bundle: true, format: "esm", platform: "browser", logLevel: "warning", outfile, ...options });
}
