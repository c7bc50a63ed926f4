// The option `store`, through which isolates share keys and policies. A client with `isolated: true`
// has its own state, so it behaves like a client in a new isolate.

import { deepSame, failure, ok, same } from "./assert.js";
import { answering, makeSigner } from "./signer.js";

/** A store in memory that counts the calls of `get`. */
function memoryStore() {
  const entries = new Map();
  const store = {
    entries,
    asked: 0,
    options: undefined,
    async get(key) {
      store.asked += 1;
      return entries.get(key) ?? null;
    },
    async put(key, value, options) {
      store.options = options;
      entries.set(key, value);
    },
  };
  return store;
}

/** The time of the request in an entry. It precedes the response's text. */
const TIME = /\n(\d+)\n{/;

/** Configuration for a client with its own state, as in another isolate. */
const isolate = () => ({ isolated: true });

const check = (client, session_jwt) => client.sessions.authenticateJwtLocal({ session_jwt });

export default (test) => {
  test("sends no request from a new isolate if the store contains the keys", async (t) => {
    const [base, store, session_jwt] = [t.fresh(), memoryStore(), await t.emulator.token()];
    const first = await t.emulator.callsDuring(() => check(t.consumer({ ...base, store }), session_jwt));
    deepSame(first, [`GET ${t.emulator.keySetPath("consumer")} 200 none`]);
    deepSame(store.options, { ttl_seconds: 86_400 });
    const later = await t.emulator.callsDuring(async () => {
      for (let i = 0; i < 3; i += 1) await check(t.consumer({ ...base, store, ...isolate() }), session_jwt);
      await t.consumer({ ...base, store, ...isolate() }).loadKeys();
    });
    deepSame(later, []);
  });

  test("reads a new key from the store, and asks the API for a key that the store does not contain", async (t) => {
    const [base, store] = [t.fresh(), memoryStore()];
    const token = () => t.emulator.token({ claims: { exp: 32503680000 } });
    const [ours, others] = [isolate(), isolate()].map((one) => t.consumer({ ...base, store, ...one }));
    const old = await token();
    await check(ours, old);
    await t.emulator.rotateKeys("consumer");
    const renewed = await token();
    await t.later(31, async () => {
      await check(others, old);
      const madeUp = await t.emulator.token({ header: { kid: "jwk-test-made-up" } });
      const keySet = `GET ${t.emulator.keySetPath("consumer")} 200 none`;
      deepSame(await t.emulator.callsDuring(() => check(others, renewed)), [keySet]);
      deepSame(await t.emulator.callsDuring(() => check(ours, renewed)), [], "the store contains the key");
      const calls = await t.emulator.callsDuring(async () =>
        same((await failure(() => check(ours, madeUp))).reason, "unknown_key"),
      );
      deepSame(calls, [keySet], "the API is authoritative about unknown keys");
    });
  });

  test("uses a stale key set from the store during an outage, for at most keys_max_stale_seconds", async (t) => {
    const [base, store] = [t.fresh(), memoryStore()];
    const session_jwt = await t.emulator.token({ claims: { exp: 32503680000 } });
    await check(t.consumer({ ...base, store }), session_jwt);
    const path_prefix = t.emulator.keySetPath("consumer");
    await t.emulator.withFault({ path_prefix, kind: "status", status: 503 }, async () => {
      await t.later(5_000, () => check(t.consumer({ ...base, store, ...isolate() }), session_jwt));
      const strict = t.consumer({ ...base, store, ...isolate(), keys_max_stale_seconds: 4_000 });
      same((await t.later(5_000, () => failure(() => check(strict, session_jwt)))).code, "jwks_unavailable");
    });
  });

  test("ignores store entries that are damaged, of another project, too old or from the future", async (t) => {
    const [base, store, session_jwt] = [t.fresh(), memoryStore(), await t.emulator.token()];
    await check(t.consumer({ ...base, store }), session_jwt);
    await check(t.consumer({ ...t.fresh(), store }), session_jwt);
    const [[name, entry], [, another]] = [...store.entries];
    const timed = (ms) => entry.replace(TIME, `\n${ms}\n{`);
    const unusable = {
      empty: "",
      nothing: "null",
      half: entry.slice(0, 300),
      another,
      old: timed(Date.now() - 86_401_000),
      future: timed(Date.now() + 3_600_000),
      version: entry.replace("stytch-edge 1", "stytch-edge 2"),
      "not a key set": entry.replace(/\n{.*/s, "\n{}"),
      long: entry + " ".repeat(300_000),
      binary: "\u0000\ud800\uffff",
    };
    for (const [what, text] of Object.entries(unusable)) {
      store.entries.set(name, text);
      const calls = await t.emulator.callsDuring(() => check(t.consumer({ ...base, store, ...isolate() }), session_jwt));
      same(calls.length, 1, what);
      same(store.entries.get(name) === text, false, `${what}: the fetched key set replaces the entry`);
    }
    store.entries.set(name, timed(Date.now() - 500_000));
    const calls = await t.emulator.callsDuring(() => check(t.consumer({ ...base, store, ...isolate() }), session_jwt));
    deepSame(calls, [], "an entry that is younger than ten minutes is fresh");
  });

  const FAULTS = {
    "throws synchronously": { get: () => fail(), put: () => fail() },
    "rejects": { get: async () => fail(), put: async () => fail() },
    "never answers": { get: () => new Promise(() => {}), put: () => new Promise(() => {}) },
    "returns a value that is not a string": { get: async () => ({ keys: [] }), put: async () => 7 },
    "does not return a promise": { get: () => "{}", put: () => undefined },
  };
  for (const [what, store] of Object.entries(FAULTS)) {
    test(`works with a store that ${what}, and calls on_event`, async (t) => {
      const [events, kept, session_jwt] = [[], [], await t.emulator.token()];
      const on_event = (event) => {
        events.push(`${event.type} ${event.operation} ${event.project_id}`);
        throw new Error("an error of the hook");
      };
      const wait_until = (promise) => kept.push(promise);
      const client = t.consumer({ ...t.fresh(), store, on_event, wait_until });
      const started = Date.now();
      same("session_id" in (await check(client, session_jwt)), true);
      ok(Date.now() - started < 2_000, "the call ends within its time limit");
      if (what !== "never answers") await Promise.all(kept);
      const { project_id } = t.config();
      const failed = (operation) => events.includes(`store_failed ${operation} ${project_id}`);
      same(failed("get"), what !== "does not return a promise");
      same(failed("put"), what.startsWith("throws") || what === "rejects");
    });
  }

  test("does not wait for the promise of on_event after a failure of the store", async (t) => {
    const operations = [];
    const on_event = ({ operation }) => {
      operations.push(operation);
      return new Promise(() => {});
    };
    const store = FAULTS.rejects;
    // The second `wait_until` throws, as in runtimes without background work. Then the call waits for the write.
    for (const wait_until of [() => {}, () => fail()]) {
      const client = t.consumer({ ...t.fresh(), store, on_event, wait_until });
      const late = new Promise((resolve) => setTimeout(resolve, 4_000, "waits"));
      same(await Promise.race([client.loadKeys(), late]), undefined);
    }
    deepSame(operations, ["get", "put", "get", "put"]);
  });

  test("passes the promise of the write to wait_until, and does not wait for it", async (t) => {
    const [kept, held] = [[], Promise.withResolvers?.() ?? withResolvers()];
    const store = { get: async () => null, put: () => held.promise };
    const client = t.consumer({ ...t.fresh(), store, wait_until: (promise) => kept.push(promise) });
    await check(client, await t.emulator.token());
    same(kept.length, 1);
    held.resolve();
    await kept[0];
  });

  test("stores policies under names of their own", async (t) => {
    const [base, store] = [t.fresh(), memoryStore()];
    const client = t.consumer({ ...base, store });
    const session_jwt = await t.emulator.token();
    const authorization_check = { resource_id: "documents", action: "read" };
    const ask = () => failure(() => client.sessions.authenticateJwtLocal({ session_jwt, authorization_check, current_date }));
    const current_date = new Date();
    same((await ask()).code, "invalid_permissions");
    deepSame([...store.entries.keys()].map((name) => name.split("/")[1]).sort(), ["keys", "policy"]);
    const [name, entry] = [...store.entries].find(([name]) => name.includes("/policy/"));
    ok(!entry.includes(t.config().secret), "the entry does not contain the secret");
    const fetched = Number(TIME.exec(entry)[1]);
    // As if another isolate had fetched the policy in the meantime.
    store.entries.set(name, entry.replace(TIME, `\n${fetched + 290_000}\n{`));
    await t.later(301, async () => {
      deepSame(await t.emulator.callsDuring(ask), []);
      store.entries.set(name, entry.replace(/\n{.*/s, '\n{"policy":7}'));
    });
    const calls = await t.later(595, () => t.emulator.callsDuring(ask));
    deepSame(calls.filter((call) => call.includes("policy")), ["GET /v1/rbac/policy 200 basic"]);
  });

  test("provides stores for the Cache API, Cloudflare KV and Deno KV", async (t) => {
    const [texts, seen] = [new Map(), []];
    const cache = {
      match: async (url) => texts.get(url)?.clone(),
      put: async (url, response) => {
        seen.push(new URL(url).protocol, response.headers.get("Cache-Control"));
        texts.set(url, response);
      },
    };
    const namespace = {
      get: async (key, type) => (type === "text" ? (texts.get(key) ?? null) : fail()),
      put: async (key, value, options) => {
        seen.push(options.expirationTtl);
        texts.set(key, value);
      },
    };
    const kv = {
      get: async (key) => ({ value: texts.get(key.join()) ?? null }),
      set: async (key, value, options) => {
        seen.push(options.expireIn);
        texts.set(key.join(), value);
      },
    };
    const { cacheStore, kvStore, denoKvStore } = t.stytch;
    for (const store of [cacheStore(cache), kvStore(namespace), denoKvStore(kv)]) {
      same(await store.get("a/b c"), null);
      await store.put("a/b c", "text", { ttl_seconds: 30.5 });
      same(await store.get("a/b c"), "text");
    }
    deepSame(seen, ["https:", "max-age=31", 60, 31_000]);
    const session_jwt = await t.emulator.token();
    const base = t.fresh();
    await check(t.consumer({ ...base, store: kvStore(namespace) }), session_jwt);
    const again = t.consumer({ ...base, store: kvStore(namespace), ...isolate() });
    deepSame(await t.emulator.callsDuring(() => check(again, session_jwt)), []);
  });

  test("trusts the store's content, so the store needs the same protection as the secret", async (t) => {
    const [base, store] = [t.fresh(), memoryStore()];
    const { jwk, sign } = await makeSigner();
    const evil = answering(JSON.stringify({ keys: [jwk] }));
    await t.consumer({ ...base, store, ...isolate(), fetch: evil }).loadKeys();
    const { project_id } = t.config();
    const claims = { aud: [project_id], iss: `stytch.com/${project_id}`, sub: "user-test-evil", exp: 32503680000 };
    const session = { "https://stytch.com/session": { id: "session-test-evil" } };
    const forged = await sign(
      JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid }),
      JSON.stringify({ ...claims, ...session }),
    );
    same((await check(t.consumer({ ...base, store, ...isolate() }), forged)).user_id, "user-test-evil");
  });
};

function fail() {
  throw new Error("the store is not available");
}

function withResolvers() {
  let resolve;
  const promise = new Promise((given) => (resolve = given));
  return { promise, resolve };
}
