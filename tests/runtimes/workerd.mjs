// workerd, the runtime of Cloudflare Workers: the suite at two compatibility dates, a current
// one and one before fetch supported `cache`, and a guarded handler at the oldest supported
// compatibility date.

import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { Client } from "stytch-edge";

import { deepSame, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { expectedCount } from "../conformance/suite.js";
import { bundleWorker } from "./inside/bundle.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { MODULES, serveWorkers } from "./inside/serve-workers.mjs";

/** The name of each configuration, and its compatibility date. */
const RUNTIMES = { workerd: "2025-03-01", "workerd-2024": "2024-09-23" };

/** From before `getSetCookie`. docs/reference/versions.md and the guide name it. */
const OLDEST = { "workerd-oldest": "2021-11-02" };

const WORKERS = { ...RUNTIMES, ...OLDEST };

const { end, ...ready } = await startEmulator();
const folder = temporaryFolder("workerd");
const { urls, end: endWorkerd } = await startWorkerd();
const results = [];
for (const runtime of Object.keys(RUNTIMES)) {
  const ran = JSON.parse(await slowAnswer(`${urls[runtime]}/?runtime=${runtime}`));
  results.push(...ran.map((result) => ({ ...result, name: `${runtime}: ${result.name}` })));
}
const emulator = new Emulator(ready);
results.push(
  ...(await runOwn({
    "does not wait for the key request of another request": () =>
      // The hanging fetch fails after its timeout. Then the keys of the other request verify the token.
      whileOneHangs(1_000, async (hanging) => same("session_id" in (await hanging), true)),
    "serves other requests if a client disconnects while the keys are fetched": () =>
      whileOneHangs(60_000, async (hanging, leave) => {
        leave();
        same(await hanging, undefined);
      }),
    "guards a handler at the oldest compatibility date": async () => {
      const { session_jwt, session_token } = await logIn();
      const ask = async (headers, query = "") => {
        const answer = await fetch(`${urls["workerd-oldest"]}/guarded${query}`, { headers });
        const cookies = answer.headers.getSetCookie().map((line) => line.split("=", 1)[0]);
        return [answer.status, answer.headers.get("content-type"), cookies.join()];
      };
      const plain = "text/plain;charset=UTF-8";
      const both = "stytch_session_jwt,stytch_session";
      deepSame(await ask({ Authorization: `Bearer ${session_jwt}` }), [200, plain, ""]);
      deepSame(await ask({ Authorization: "Bearer junk" }), [401, "application/json", ""]);
      deepSame(await ask({ Cookie: `stytch_session=${session_token}` }), [200, plain, both]);
      // The handler's own cookies stay.
      deepSame(await ask({ Cookie: `stytch_session=${session_token}` }, "?log_out"), [200, plain, "stytch_session,stytch_session_jwt"]);
    },
  })),
);
await endWorkerd();
await end();
report(results, expectedCount("workerd") + expectedCount("workerd-2024") + 3);

/** The body of a response. The suite may need more than 300 seconds, after which `fetch` of Node ends a request. */
async function slowAnswer(url) {
  const [answer] = await once(get(url), "response");
  return text(answer);
}

/**
 * One request hangs while it fetches the keys, at most `timeout` milliseconds. Another request must be served in the
 * meantime, and one afterwards.
 */
async function whileOneHangs(timeout, end) {
  const session_jwt = await emulator.token();
  const custom_base_url = `${emulator.url}/hanging/${crypto.randomUUID()}`;
  const client = new AbortController();
  const check = async (signal) => {
    const body = JSON.stringify({ session_jwt, custom_base_url, timeout });
    return (await fetch(`${urls.workerd}/check`, { method: "POST", body, signal })).json();
  };
  const path_prefix = emulator.keySetPath("consumer");
  await emulator.withFault({ path_prefix, kind: "hang", times: 1 }, async () => {
    const before = (await emulator.lastCall())?.number;
    const hanging = check(client.signal).catch(() => undefined);
    const until = Date.now() + 5_000;
    while ((await emulator.lastCall())?.number === before) {
      if (Date.now() > until) throw new Error("timeout: the request for the keys");
    }
    same("session_id" in (await check()), true, "the other request returns a session");
    await end(hanging, () => client.abort());
    same("session_id" in (await check()), true, "the next request returns a session");
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
  await bundleWorker("worker.mjs", folder, { define });
  await writeFile(join(folder, "config.capnp"), configuration());
  return serveWorkers(folder, Object.keys(WORKERS));
}

/** One Worker and one port for each compatibility date. They can reach loopback addresses only. */
function configuration() {
  const rows = Object.entries(WORKERS);
  const worker = ([name, date]) => `(name = "${name}", worker = (
    modules = [${MODULES}],
    compatibilityDate = "${date}", globalOutbound = "loopback")),`;
  const socket = ([name]) => `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}"),`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${rows.map(worker).join("\n")} (name = "loopback", network = (allow = ["127.0.0.0/8"]))],
  sockets = [${rows.map(socket).join("\n")}]);
`;
}
