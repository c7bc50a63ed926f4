// Chromium. Page and emulator are one origin, as the API sends no CORS headers to
// count on; the package is served as it was installed, so that its wasm is really
// fetched.

import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { deepSame, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { expectedCount } from "../conformance/suite.js";
import { startBrowser } from "./inside/browser.mjs";
import { WASM } from "./inside/bundle.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { report, runOwn } from "./inside/report.mjs";

const PACKAGE = dirname(dirname(dirname(WASM)));
const WASM_REQUESTS = "**/*.wasm";

/** Wasm that compiles and cannot be started: it imports `x` from `o` and is nothing else. */
const OTHER_WASM = Buffer.from("0061736d01000000" + "010401600000" + "020701016f01780000", "hex");

const folder = await servedFolder();
const { end, ...ready } = await startEmulator(["--serve", folder]);
const emulator = new Emulator(ready);
const browser = await startBrowser();

const suite = await open();
const results = await suite.page.evaluate((emulator) => globalThis.runSuite(emulator), ready);

const own = await runOwn({
  "the wasm is fetched once, by the first call and not before": async () => {
    const { page, wasmRequests } = await open();
    deepSame(wasmRequests, []);
    const tokens = [await emulator.token(), "garbage", await emulator.token()];
    const [first, second] = await checkAll(page, tokens);
    same(first.startsWith("session-test-"), true);
    same(second, "jwt_invalid");
    same(wasmRequests.length, 1);
  },
  "wasm that could not be fetched is fetched again by the next call": async () => {
    const { page } = await open();
    const tokens = [await emulator.token()];
    const failures = [
      (route) => route.abort(),
      (route) => route.fulfill({ status: 404, body: "not here" }),
      (route) => route.fulfill({ contentType: "application/wasm", body: "no wasm" }),
      // As a proxy may do that kept the file of another version.
      (route) => route.fulfill({ contentType: "application/wasm", body: OTHER_WASM }),
    ];
    for (const failure of failures) {
      await page.route(WASM_REQUESTS, failure, { times: 1 });
      deepSame(await checkAll(page, tokens), ["wasm_not_ready"]);
    }
    same((await checkAll(page, tokens))[0].startsWith("session-test-"), true);
  },
  "a bundle works with the wasm where it looks for it": async () => {
    const { page } = await open("bundled/page.html");
    same((await checkAll(page, [await emulator.token()]))[0].startsWith("session-test-"), true);
  },
  "a check that does not wait says that the wasm is not there, and works when the keys are": async () => {
    const { page } = await open();
    const given = [ready, await emulator.token()];
    const found = await page.evaluate(([emulator, token]) => globalThis.checkAtOnce(emulator, token), given);
    same(found[0], "wasm_not_ready");
    same(found[1].startsWith("session-test-"), true);
  },
  "a page that logs in and checks has nothing on its console": async () => {
    const { page, complaints } = await open();
    await checkAll(page, [await emulator.token(), "garbage"]);
    deepSame(complaints, []);
  },
});
await browser.close();
await end();
report([...results, ...own], expectedCount("chromium") + 5);

/** A page of its own, with what it fetched and what it complained about. */
async function open(path = "page.html") {
  const page = await (await browser.newContext()).newPage();
  const [wasmRequests, complaints] = [[], []];
  page.on("request", (request) => request.url().endsWith(".wasm") && wasmRequests.push(request.url()));
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${ready.url}/_emulator/static/${path}`);
  await page.waitForFunction(() => globalThis.checkAll);
  return { page, wasmRequests, complaints };
}

function checkAll(page, tokens) {
  return page.evaluate(([emulator, tokens]) => globalThis.checkAll(emulator, tokens), [ready, tokens]);
}

/** The package, the suite, and two pages: one with the modules as they are, one with a bundle. */
async function servedFolder() {
  const folder = temporaryFolder("page");
  const here = (path) => fileURLToPath(new URL(path, import.meta.url));
  await mkdir(join(folder, "runtimes"));
  await mkdir(join(folder, "bundled"));
  await symlink(here("inside"), join(folder, "runtimes/inside"));
  await symlink(here("../conformance"), join(folder, "conformance"));
  await symlink(PACKAGE, join(folder, "stytch-edge"));
  // Where a bundle in bundled/ looks for it.
  await symlink(dirname(WASM), join(folder, "wasm"));
  await build({
    entryPoints: [here("inside/page.mjs")],
    outfile: join(folder, "bundled/page.js"),
    bundle: true,
    minify: true,
    format: "esm",
    logLevel: "warning",
  });
  const { exports } = JSON.parse(await readFile(join(PACKAGE, "package.json"), "utf8"));
  const served = (entry) => join("/_emulator/static/stytch-edge", exports[entry].browser.default);
  const imports = { "stytch-edge": served("."), "stytch-edge/verify": served("./verify") };
  await writeFile(join(folder, "page.html"), html("runtimes/inside/page.mjs", imports));
  await writeFile(join(folder, "bundled/page.html"), html("page.js", {}));
  return folder;
}

function html(script, imports) {
  return `<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="${script}"></script>
`;
}
