// A Worker in Rust (tests/rust-worker) in workerd: it logs a user in against the
// emulator, checks the session, and its wasm has no exports of the npm package.

import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";

import { deepSame, matches, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { startEmulator } from "./inside/emulator.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { serveWorkers } from "./inside/serve-workers.mjs";

const { end, ...ready } = await startEmulator();
const emulator = new Emulator(ready);
const folder = temporaryFolder("rust-worker");
await bundleWorker();
await writeFile(join(folder, "config.capnp"), configuration());
const { urls, end: endWorkerd } = await serveWorkers(folder, ["worker"]);

const ask = async (path, body, headers = {}) => {
  const answer = await fetch(`${urls.worker}${path}`, body === undefined ? { headers } : { method: "POST", body, headers });
  return { status: answer.status, text: await answer.text() };
};
const check = (token) => ask("/", undefined, { Authorization: `Bearer ${token}` });

/** Logs a new user in; gives its id and session JWT. */
async function logIn(email) {
  const { text: user_id } = await ask("/link", email);
  const { text: jwt } = await ask("/login", await emulator.tokenFor(email));
  return { user_id, jwt };
}

const results = await runOwn({
  "a user logs in by a link, and the session is checked": async () => {
    const { user_id, jwt } = await logIn("ada@example.com");
    matches(user_id, /^user-test-/);
    deepSame(await check(jwt), { status: 200, text: user_id });
  },
  "further checks ask nobody": async () => {
    const { jwt } = await logIn("grace@example.com");
    await check(jwt);
    const calls = await emulator.callsDuring(async () => {
      for (let number = 0; number < 5; number += 1) same((await check(jwt)).status, 200);
    });
    deepSame(calls, []);
  },
  "an answer is typed on its way in and JSON again on its way out": async () => {
    const { user_id } = await logIn("mary@example.com");
    const { status, text } = await ask("/user", user_id);
    same(status, 200, text);
    const [{ email, verified }] = JSON.parse(text);
    deepSame({ email, verified }, { email: "mary@example.com", verified: true });
  },
  "junk and strangers' tokens are refused": async () => {
    same((await check("junk")).status, 401);
    const { status, text } = await check(await emulator.token({ key: "stranger" }));
    same(status, 401);
    matches(text, /jwt_invalid.*bad_signature/);
  },
  "a request is judged by its cookies, and an outage is no verdict": async () => {
    const { user_id, jwt } = await logIn("joan@example.com");
    const visit = (Cookie) => fetch(`${urls.worker}/visit`, { headers: { Cookie } });
    same(await (await visit(`stytch_session_jwt=${jwt}`)).text(), `Hello ${user_id}`);
    same((await visit("stytch_session_jwt=junk")).status, 401);
    const unknown = `stytch_session=${"A".repeat(44)}`;
    const over = await visit(unknown);
    same(over.status, 401);
    same(over.headers.getSetCookie().length, 2, "cleared cookies");
    await emulator.withFault({ path_prefix: "/v1/", kind: "status", status: 503 }, async () => {
      const untold = await visit(unknown);
      same(untold.status, 503);
      deepSame(untold.headers.getSetCookie(), []);
    });
  },
  "a refusal of the API has its status and its type": async () => {
    await ask("/link", "used@example.com");
    const token = await emulator.tokenFor("used@example.com");
    await ask("/login", token);
    const { status, text } = await ask("/login", token);
    same(status, 401, text);
    matches(text, /^401 unable_to_auth_magic_link: /);
  },
  "a missing path parameter is refused before any request": async () => {
    const calls = await emulator.callsDuring(async () => {
      const { status, text } = await ask("/user", "");
      same(status, 500);
      matches(text, /user_id/);
    });
    deepSame(calls, []);
  },
  "an outage of the API is told as one": async () => {
    await emulator.withFault({ path_prefix: "/v1/users", kind: "close" }, async () => {
      const { status, text } = await ask("/user", "user-test-1");
      same(status, 502, text);
      matches(text, /^GET http:.*\/v1\/users\/user-test-1 could not be completed/);
    });
  },
  "a request that hangs holds up no other, and harms none when its visitor leaves": async () => {
    const { user_id } = await logIn("first@example.com");
    const visitor = new AbortController();
    await emulator.withFault({ path_prefix: "/v1/users", kind: "hang", times: 1 }, async () => {
      const before = (await emulator.lastCall())?.number;
      const init = { method: "POST", body: user_id, signal: visitor.signal };
      const hanging = fetch(`${urls.worker}/user`, init).then(() => "answered", () => "left");
      const until = Date.now() + 5_000;
      while ((await emulator.lastCall())?.number === before) {
        if (Date.now() > until) throw new Error("the user was not asked for");
      }
      const others = await Promise.all(Array.from({ length: 8 }, () => ask("/user", user_id)));
      deepSame(others.map(({ status }) => status), Array(8).fill(200));
      visitor.abort();
      same(await hanging, "left");
      same((await ask("/user", user_id)).status, 200);
    });
  },
  "the wasm exports the Worker's handler and nothing of the npm package": async () => {
    const names = JSON.parse((await ask("/exports")).text);
    const npm = names.filter((name) => ["authenticate_jwt_local", "authenticate_request", "call", "connect", "register", "resume"].includes(name));
    deepSame(npm, []);
    // What is left is crate `worker` and wasm-bindgen's own: streams, closures, glue.
    const others = names.filter((name) => !/^(__|intounderlying|wasm_bindgen_)/.test(name));
    deepSame(others.sort(), ["fetch", "init", "memory"]);
  },
});
await endWorkerd();
await end();
report(results, 10);

async function bundleWorker() {
  const built = process.env.STYTCH_RUST_WORKER;
  if (!built) throw new Error("STYTCH_RUST_WORKER must name the folder of the built Rust Worker");
  await build({
    entryPoints: [join(built, "worker.mjs")],
    bundle: true,
    format: "esm",
    outfile: join(folder, "worker.js"),
    external: ["cloudflare:*", "*.wasm"],
    logLevel: "warning",
  });
  await copyFile(join(built, "rust_worker_bg.wasm"), join(folder, "rust_worker_bg.wasm"));
}

/** The Worker with its bindings; loopback is all that it reaches. */
function configuration() {
  const binding = (name, text) => `(name = "${name}", text = ${JSON.stringify(text)})`;
  const bindings = [
    binding("STYTCH_PROJECT_ID", ready.consumer.project_id),
    binding("STYTCH_SECRET", ready.consumer.secret),
    binding("STYTCH_BASE_URL", ready.url),
  ];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [
        (name = "worker.js", esModule = embed "worker.js"),
        (name = "rust_worker_bg.wasm", wasm = embed "rust_worker_bg.wasm"),
      ],
      bindings = [${bindings.join(", ")}],
      compatibilityDate = "2025-03-01", globalOutbound = "loopback")),
    (name = "loopback", network = (allow = ["127.0.0.0/8"])),
  ],
  sockets = [(name = "worker", address = "127.0.0.1:0", http = (), service = "worker")]);
`;
}
