// A Worker in Rust (tests/rust-worker) in workerd, against the emulator. Its wasm must not
// contain exports of the npm package.

import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";

import { deepSame, matches, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { startEmulator } from "./inside/emulator.mjs";
import { temporaryFolder } from "./inside/folder.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { serveWorkers } from "./inside/serve-workers.mjs";

/** A KV namespace in memory, with the protocol of workerd. `/entries` lists its entries. */
const KV = `
const entries = new Map();
export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/entries") return Response.json([...entries.values()]);
    const key = decodeURIComponent(pathname.slice(1));
    if (request.method === "PUT") {
      entries.set(key, { key, ttl: searchParams.get("expiration_ttl"), text: await request.text() });
      return new Response();
    }
    const entry = entries.get(key);
    return entry ? new Response(entry.text) : new Response("", { status: 404 });
  },
};
`;

const { end, ...ready } = await startEmulator();
const emulator = new Emulator(ready);
const folder = temporaryFolder("rust-worker");
await bundleWorker();
await writeFile(join(folder, "config.capnp"), configuration());
const { urls, end: endWorkerd } = await serveWorkers(folder, ["worker", "kv"]);

const ask = async (path, body, headers = {}) => {
  const answer = await fetch(`${urls.worker}${path}`, body === undefined ? { headers } : { method: "POST", body, headers });
  return { status: answer.status, text: await answer.text() };
};
const bearer = (token) => ({ Authorization: `Bearer ${token}` });
const check = (token) => ask("/", undefined, bearer(token));

/** Logs a new user in. Returns the user's id and session JWT. */
async function logIn(email) {
  const { text: user_id } = await ask("/link", email);
  const { text: jwt } = await ask("/login", await emulator.tokenFor(email));
  return { user_id, jwt };
}

const results = await runOwn({
  "logs a user in with a magic link, and verifies the session": async () => {
    const { user_id, jwt } = await logIn("ada@example.com");
    matches(user_id, /^user-test-/);
    deepSame(await check(jwt), { status: 200, text: user_id });
  },
  "sends no request for further checks": async () => {
    const { jwt } = await logIn("grace@example.com");
    await check(jwt);
    const calls = await emulator.callsDuring(async () => {
      for (let number = 0; number < 5; number += 1) same((await check(jwt)).status, 200);
    });
    deepSame(calls, []);
  },
  "deserializes a typed response, and serializes it to JSON": async () => {
    const { user_id } = await logIn("mary@example.com");
    const { status, text } = await ask("/user", user_id);
    same(status, 200, text);
    const [{ email, verified }] = JSON.parse(text);
    deepSame({ email, verified }, { email: "mary@example.com", verified: true });
  },
  "refuses malformed tokens and tokens that an unknown key signed": async () => {
    same((await check("junk")).status, 401);
    const { status, text } = await check(await emulator.token({ key: "stranger" }));
    same(status, 401);
    matches(text, /jwt_invalid.*bad_signature/);
  },
  "decides a request by its cookies, and reports an outage with 503": async () => {
    const { user_id, jwt } = await logIn("joan@example.com");
    const ask = (Cookie) => fetch(`${urls.worker}/visit`, { headers: { Cookie } });
    same(await (await ask(`stytch_session_jwt=${jwt}`)).text(), `Hello ${user_id}`);
    same((await ask("stytch_session_jwt=junk")).status, 401);
    const unknown = `stytch_session=${"A".repeat(44)}`;
    const refused = await ask(unknown);
    same(refused.status, 401);
    same(refused.headers.getSetCookie().length, 2, "cleared cookies");
    await emulator.withFault({ path_prefix: "/v1/", kind: "status", status: 503 }, async () => {
      // The API has just refused the other one, so that it is refused without a request.
      const unavailable = await ask(`stytch_session=${"B".repeat(44)}`);
      same(unavailable.status, 503);
      deepSame(unavailable.headers.getSetCookie(), []);
    });
  },
  "reports the status and the type of the API's refusal": async () => {
    await ask("/link", "used@example.com");
    const token = await emulator.tokenFor("used@example.com");
    await ask("/login", token);
    const { status, text } = await ask("/login", token);
    same(status, 401, text);
    matches(text, /^401 unable_to_auth_magic_link: /);
  },
  "refuses an empty path parameter without a request": async () => {
    const calls = await emulator.callsDuring(async () => {
      const { status, text } = await ask("/user", "");
      same(status, 500);
      matches(text, /user_id/);
    });
    deepSame(calls, []);
  },
  "reports an outage of the API": async () => {
    await emulator.withFault({ path_prefix: "/v1/users", kind: "close" }, async () => {
      const { status, text } = await ask("/user", "user-test-1");
      same(status, 502, text);
      matches(text, /^GET http:.*\/v1\/users\/user-test-1 could not be completed/);
    });
  },
  "reads the keys from the store in a new isolate": async () => {
    const stored = (token) => ask("/stored", undefined, bearer(token));
    const { user_id, jwt } = await logIn("edith@example.com");
    const first = await emulator.callsDuring(async () => deepSame(await stored(jwt), { status: 200, text: user_id }));
    deepSame(first, [`GET ${emulator.keySetPath("consumer")} 200 none`]);
    // The client writes in the background.
    const until = Date.now() + 5_000;
    while ((await (await fetch(`${urls.kv}/entries`)).json()).length === 0) {
      if (Date.now() > until) throw new Error("timeout: an entry in the store");
    }
    const later = await emulator.callsDuring(async () => {
      for (let number = 0; number < 3; number += 1) same((await stored(jwt)).text, user_id);
    });
    deepSame(later, []);
    const [{ key, ttl, text }] = await (await fetch(`${urls.kv}/entries`)).json();
    matches(key, /^stytch-edge\/keys\/\d+$/);
    same(ttl, "86400");
    same(text.includes(ready.consumer.secret), false, "the secret is not stored");
  },
  "sends no request with provided and pinned keys": async () => {
    const { user_id, jwt } = await logIn("hedy@example.com");
    const { text: jwks } = await ask("/keys");
    same(JSON.parse(jwks).keys.length > 0, true);
    const unknown = await emulator.token({ header: { kid: "made-up" } });
    const calls = await emulator.callsDuring(async () => {
      deepSame(await ask("/provided", jwks, bearer(jwt)), { status: 200, text: user_id });
      const { status, text } = await ask("/provided", jwks, bearer(unknown));
      same(status, 401);
      matches(text, /unknown_key/);
    });
    deepSame(calls, []);
  },
  "explains a permission by the project's policy": async () => {
    const permissions = [{ resource_id: "notes", actions: ["write"] }];
    await emulator.setPolicy("consumer", { roles: [{ role_id: "stytch_user", description: "", permissions }] });
    const { jwt } = await logIn("rosa@example.com");
    const explain = async (action) => (await ask("/explain", action, bearer(jwt))).text;
    const granted = 'true GrantedByRole { role_id: "stytch_user", granted_by: Project, actions: ["write"] }';
    const calls = await emulator.callsDuring(async () => {
      same(await explain("write"), granted);
      matches(await explain("read"), /^false NotPermitted \{ held: \["stytch_user"\]/);
    });
    deepSame(calls.filter((call) => call.includes("/rbac/")), ["GET /v1/rbac/policy 200 basic"]);
    await emulator.setPolicy("consumer", {});
  },
  "authenticates M2M clients and Connected Apps by their access tokens": async () => {
    const call = async (path, token) => {
      const response = await fetch(`${urls.worker}${path}`, token === undefined ? {} : { headers: bearer(token) });
      return [response.status, await response.text(), response.headers.get("WWW-Authenticate")];
    };
    const machine = (scope) => emulator.token({ kind: "m2m", claims: { sub: "m2m-client-test-1", scope } });
    deepSame(await call("/notes", await machine("read:notes")), [200, "m2m-client-test-1", null]);
    const challenge = (error) => `Bearer realm="notes"${error}, scope="read:notes"`;
    deepSame(await call("/notes", await machine("x")), [403, "missing_scopes", challenge(', error="insufficient_scope"')]);
    deepSame(await call("/notes"), [401, "no_credentials", challenge("")]);
    deepSame(await call("/notes", "junk"), [401, "malformed", challenge(', error="invalid_token"')]);
    const app = await emulator.token({ kind: "connected_app", claims: { sub: "user-test-1" } });
    const asked = await emulator.callsDuring(async () => deepSame(await call("/mcp", app), [200, "user-test-1 via remote", null]));
    same(asked.filter((made) => made.includes("/oauth2/introspect 200")).length, 1);
    await emulator.withFault({ path_prefix: "/v1/", kind: "status", status: 503 }, async () =>
      deepSame(await call("/mcp", app), [503, "api_unavailable", null]),
    );
  },
  "keeps the access token of a token provider in the isolate until it is forgotten": async () => {
    const { client_id, client_secret } = await machineClient();
    const token = async (refused = "") => (await ask("/token", `${client_id}\n${client_secret}\n${refused}`)).text;
    const calls = await emulator.callsDuring(async () => {
      const first = await token();
      same(first.split(".").length, 3, first);
      same(await token(), first);
      // Within one second, the emulator issues equal tokens, so the test counts the requests.
      same((await token(first)).split(".").length, 3);
    });
    deepSame(calls.map((call) => call.replace(/.*(\/oauth2\/token.*) \w+$/, "$1")), Array(2).fill("/oauth2/token 200"));
    const { status, text } = await ask("/token", `${client_id}\nwrong`);
    same(status, 401, text);
  },
  "serves other requests while one hangs, and after its client disconnects": async () => {
    const { user_id } = await logIn("first@example.com");
    const client = new AbortController();
    await emulator.withFault({ path_prefix: "/v1/users", kind: "hang", times: 1 }, async () => {
      const before = (await emulator.lastCall())?.number;
      const init = { method: "POST", body: user_id, signal: client.signal };
      const hanging = fetch(`${urls.worker}/user`, init).then(() => "answered", () => "aborted");
      const until = Date.now() + 5_000;
      while ((await emulator.lastCall())?.number === before) {
        if (Date.now() > until) throw new Error("timeout: the request for the user");
      }
      const others = await Promise.all(Array.from({ length: 8 }, () => ask("/user", user_id)));
      deepSame(others.map(({ status }) => status), Array(8).fill(200));
      client.abort();
      same(await hanging, "aborted");
      same((await ask("/user", user_id)).status, 200);
    });
  },
  "exports the Worker's handler, and nothing of the npm package": async () => {
    const names = JSON.parse((await ask("/exports")).text);
    const npm = names.filter((name) => ["authenticate_jwt_local", "authenticate_request", "call", "connect", "register", "resume"].includes(name));
    deepSame(npm, []);
    // The other names belong to the crate `worker` and to wasm-bindgen: streams, closures, glue.
    const others = names.filter((name) => !/^(__|intounderlying|wasm_bindgen_)/.test(name));
    deepSame(others.sort(), ["fetch", "init", "memory"]);
  },
});
await endWorkerd();
await end();
report(results, 15);

/** An M2M client of the emulator's project. */
async function machineClient() {
  const { project_id, secret } = ready.consumer;
  const headers = { Authorization: `Basic ${btoa(`${project_id}:${secret}`)}` };
  const body = JSON.stringify({ client_name: "reports", scopes: ["read:users"] });
  const response = await fetch(`${ready.url}/v1/m2m/clients`, { method: "POST", headers, body });
  return (await response.json()).m2m_client;
}

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
  await writeFile(join(folder, "kv.js"), KV);
  await copyFile(join(built, "rust_worker_bg.wasm"), join(folder, "rust_worker_bg.wasm"));
}

/** The Worker with its bindings. It can reach loopback addresses only. */
function configuration() {
  const binding = (name, text) => `(name = "${name}", text = ${JSON.stringify(text)})`;
  const bindings = [
    binding("STYTCH_PROJECT_ID", ready.consumer.project_id),
    binding("STYTCH_SECRET", ready.consumer.secret),
    binding("STYTCH_BASE_URL", ready.url),
    '(name = "KEYS", kvNamespace = "kv")',
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
    (name = "kv", worker = (modules = [(name = "kv.js", esModule = embed "kv.js")], compatibilityDate = "2025-03-01")),
    (name = "loopback", network = (allow = ["127.0.0.0/8"])),
  ],
  sockets = [
    (name = "worker", address = "127.0.0.1:0", http = (), service = "worker"),
    (name = "kv", address = "127.0.0.1:0", http = (), service = "kv"),
  ]);
`;
}
