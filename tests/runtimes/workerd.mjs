// workerd, the runtime of Cloudflare Workers: the suite at two compatibility dates, the one
// that people start with today, and one from before fetch knew `cache`; and a guarded
// handler at the oldest date at which the package works.

import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Client } from "stytch-edge";

import { deepSame, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { expectedCount } from "../conformance/suite.js";
import { bundle, WASM } from "./inside/bundle.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { serveWorkers } from "./inside/serve-workers.mjs";

/** The name of each way to run, and its compatibility date. */
const RUNTIMES = { workerd: "2025-03-01", "workerd-2024": "2024-09-23" };

/** From before `getSetCookie`. README.md and docs/frameworks.md name it. */
const OLDEST = { "workerd-oldest": "2021-11-02" };

const WORKERS = { ...RUNTIMES, ...OLDEST };

const { end, ...ready } = await startEmulator();
const folder = temporaryFolder("workerd");
const { urls, end: endWorkerd } = await startWorkerd();
const results = [];
for (const runtime of Object.keys(RUNTIMES)) {
  const answer = await fetch(`${urls[runtime]}/?runtime=${runtime}`);
  const ran = await answer.json();
  results.push(...ran.map((result) => ({ ...result, name: `${runtime}: ${result.name}` })));
}
const emulator = new Emulator(ready);
results.push(
  ...(await runOwn({
    "a request that needs the keys does not wait for another's fetch of them": () =>
      // Its own fetch fails in the end; the keys that the other brought judge its token.
      besideOneThatHangs(async (hanging) => same("session_id" in (await hanging), true)),
    "a request whose visitor leaves during the fetch of the keys harms no other": () =>
      besideOneThatHangs(async (hanging, leave) => {
        leave();
        same(await hanging, undefined);
      }),
    "a handler is guarded at the oldest compatibility date": async () => {
      const { session_jwt, session_token } = await logIn();
      const visit = async (headers, query = "") => {
        const answer = await fetch(`${urls["workerd-oldest"]}/guarded${query}`, { headers });
        const cookies = answer.headers.getSetCookie().map((line) => line.split("=", 1)[0]);
        return [answer.status, answer.headers.get("content-type"), cookies.join()];
      };
      const text = "text/plain;charset=UTF-8";
      const both = "stytch_session_jwt,stytch_session";
      deepSame(await visit({ Authorization: `Bearer ${session_jwt}` }), [200, text, ""]);
      deepSame(await visit({ Authorization: "Bearer junk" }), [401, "application/json", ""]);
      deepSame(await visit({ Cookie: `stytch_session=${session_token}` }), [200, text, both]);
      // What the handler sets itself stays.
      deepSame(await visit({ Cookie: `stytch_session=${session_token}` }, "?log_out"), [200, text, "stytch_session,stytch_session_jwt"]);
    },
  })),
);
await endWorkerd();
await end();
report(results, expectedCount("workerd") + expectedCount("workerd-2024") + 3);

/** One request's fetch of the keys hangs; another one must be served meanwhile, and afterwards. */
async function besideOneThatHangs(end) {
  const session_jwt = await emulator.token();
  const custom_base_url = `${emulator.url}/beside/${crypto.randomUUID()}`;
  const visitor = new AbortController();
  const check = async (signal) => {
    const body = JSON.stringify({ session_jwt, custom_base_url, timeout: 1_000 });
    return (await fetch(`${urls.workerd}/check`, { method: "POST", body, signal })).json();
  };
  const path_prefix = emulator.keySetPath("consumer");
  await emulator.withFault({ path_prefix, kind: "hang", times: 1 }, async () => {
    const before = (await emulator.lastCall())?.number;
    const hanging = check(visitor.signal).catch(() => undefined);
    const until = Date.now() + 5_000;
    while ((await emulator.lastCall())?.number === before) {
      if (Date.now() > until) throw new Error("the keys were not asked for");
    }
    same("session_id" in (await check()), true, "the other request has a session");
    await end(hanging, () => visitor.abort());
    same("session_id" in (await check()), true, "the next request has a session");
  });
}

async function logIn() {
  const client = new Client({ ...ready.consumer, custom_base_url: ready.url });
  const email = "ada@example.com";
  await client.magicLinks.email.loginOrCreate({ email });
  return client.magicLinks.authenticate({ token: await emulator.tokenFor(email), session_duration_minutes: 60 });
}

async function startWorkerd() {
  const define = { EMULATOR: JSON.stringify(ready) };
  const wasm = () => ({ path: "./stytch_edge.wasm", external: true });
  await bundle("worker.mjs", {
    condition: "workerd",
    outfile: join(folder, "worker.js"),
    define,
    format: "esm",
    wasm,
  });
  await copyFile(WASM, join(folder, "stytch_edge.wasm"));
  await writeFile(join(folder, "config.capnp"), configuration());
  return serveWorkers(folder, Object.keys(WORKERS));
}

/** One Worker and one port for each compatibility date; loopback is all that they reach. */
function configuration() {
  const rows = Object.entries(WORKERS);
  const worker = ([name, date]) => `(name = "${name}", worker = (
    modules = [
      (name = "worker.js", esModule = embed "worker.js"),
      (name = "stytch_edge.wasm", wasm = embed "stytch_edge.wasm"),
    ],
    compatibilityDate = "${date}", globalOutbound = "loopback")),`;
  const socket = ([name]) => `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}"),`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${rows.map(worker).join("\n")} (name = "loopback", network = (allow = ["127.0.0.0/8"]))],
  sockets = [${rows.map(socket).join("\n")}]);
`;
}
