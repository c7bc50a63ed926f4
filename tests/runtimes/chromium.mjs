// Chromium. The page and the emulator have the same origin, because the API sends no CORS
// headers. The server provides the installed files, so that the page fetches the wasm.

import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { deepSame, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { expectedCount } from "../conformance/suite.js";
import { startBrowser } from "./inside/browser.mjs";
import { WASMS } from "./inside/bundle.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { report, runOwn } from "./inside/report.mjs";

const PACKAGE = dirname(dirname(dirname(WASMS["stytch_edge_bg.wasm"])));
const WASM_REQUESTS = "**/*.wasm";

/** Wasm that compiles and cannot be instantiated: it contains only an import of `x` from `o`. */
const OTHER_WASM = Buffer.from("0061736d01000000" + "010401600000" + "020701016f01780000", "hex");

const folder = await servedFolder();
const { end, ...ready } = await startEmulator(["--serve", folder]);
const emulator = new Emulator(ready);
const browser = await startBrowser();

const suite = await open();
const results = await suite.page.evaluate((emulator) => globalThis.runSuite(emulator), ready);

const own = await runOwn({
  "fetches the wasm once, at the first call": async () => {
    const { page, wasmRequests } = await open();
    deepSame(wasmRequests, []);
    const tokens = [await emulator.token(), "garbage", await emulator.token()];
    const [first, second] = await checkAll(page, tokens);
    same(first.startsWith("session-test-"), true);
    same(second, "jwt_invalid");
    same(wasmRequests.length, 1);
  },
  "fetches the wasm again at the next call after a failure": async () => {
    const { page } = await open();
    const tokens = [await emulator.token()];
    const failures = [
      (route) => route.abort(),
      (route) => route.fulfill({ status: 404, body: "not here" }),
      (route) => route.fulfill({ contentType: "application/wasm", body: "no wasm" }),
      // For example, a proxy may cache the file of another version.
      (route) => route.fulfill({ contentType: "application/wasm", body: OTHER_WASM }),
    ];
    for (const failure of failures) {
      await page.route(WASM_REQUESTS, failure, { times: 1 });
      deepSame(await checkAll(page, tokens), ["wasm_not_ready"]);
    }
    same((await checkAll(page, tokens))[0].startsWith("session-test-"), true);
  },
  "compiles the wasm whether or not the server names its type": async () => {
    const { page } = await open();
    const types = [];
    const another = async (route) => {
      const response = await route.fetch();
      types.push(response.headers()["content-type"]);
      await route.fulfill({ response, contentType: "application/octet-stream" });
    };
    await page.route(WASM_REQUESTS, another, { times: 1 });
    same((await checkAll(page, [await emulator.token()]))[0].startsWith("session-test-"), true);
    deepSame(types, ["application/wasm"]);
  },
  "works in a bundle that finds the wasm at the expected URL": async () => {
    const { page } = await open("bundled/page.html");
    same((await checkAll(page, [await emulator.token()]))[0].startsWith("session-test-"), true);
  },
  "throws wasm_not_ready in a synchronous check without the wasm, and works after loadKeys": async () => {
    const { page } = await open();
    const given = [ready, await emulator.token()];
    const found = await page.evaluate(([emulator, token]) => globalThis.checkSync(emulator, token), given);
    same(found[0], "wasm_not_ready");
    same(found[1].startsWith("session-test-"), true);
  },
  "writes nothing to the page's console": async () => {
    const { page, messages } = await open();
    await checkAll(page, [await emulator.token(), "garbage"]);
    deepSame(messages, []);
  },
});
await browser.close();
await end();
report([...results, ...own], expectedCount("chromium") + 6);

/** Opens a new page. Returns it with its requests for wasm and its console messages. */
async function open(path = "page.html") {
  const page = await (await browser.newContext()).newPage();
  const [wasmRequests, messages] = [[], []];
  page.on("request", (request) => request.url().endsWith(".wasm") && wasmRequests.push(request.url()));
  page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => messages.push(String(error)));
  await page.goto(`${ready.url}/_emulator/static/${path}`);
  await page.waitForFunction(() => globalThis.checkAll);
  return { page, wasmRequests, messages };
}

function checkAll(page, tokens) {
  return page.evaluate(([emulator, tokens]) => globalThis.checkAll(emulator, tokens), [ready, tokens]);
}

/** A folder with the package, the suite, and two pages: one with unbundled modules, one with a bundle. */
async function servedFolder() {
  const folder = temporaryFolder("page");
  const here = (path) => fileURLToPath(new URL(path, import.meta.url));
  await mkdir(join(folder, "runtimes"));
  await mkdir(join(folder, "bundled"));
  await symlink(here("inside"), join(folder, "runtimes/inside"));
  await symlink(here("../conformance"), join(folder, "conformance"));
  await symlink(here("../faults"), join(folder, "faults"));
  await symlink(PACKAGE, join(folder, "stytch-edge"));
  // The location that the bundle in bundled/ expects.
  await symlink(dirname(WASMS["stytch_edge_bg.wasm"]), join(folder, "wasm"));
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
