// The package in another realm than the runtime's own classes, as in test environments that emulate
// a browser. Encoders, dates, lists and promises belong to the other realm. Values of either realm must
// not count as absent.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import vm from "node:vm";

import { deepSame, failure, ok, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { startEmulator } from "./inside/emulator.mjs";
import { report, runOwn } from "./inside/report.mjs";

const { end, ...ready } = await startEmulator();
const emulator = new Emulator(ready);
const outer = ["AbortController", "Buffer", "Headers", "Request", "Response", "TextDecoder", "TextEncoder", "URL", "clearTimeout", "fetch", "process", "setTimeout"];
const realm = vm.createContext(Object.fromEntries(outer.map((name) => [name, globalThis[name]])));
const inside = (code) => vm.runInContext(`(${code})`, realm);

/** The CommonJS files of the installed package, evaluated in the other realm. */
const load = (file, loaded = new Map()) => {
  if (loaded.has(file)) return loaded.get(file);
  const exports = {};
  loaded.set(file, exports);
  const require = (name) => load(join(dirname(file), name), loaded);
  const run = vm.compileFunction(readFileSync(file, "utf8"), ["exports", "require"], { parsingContext: realm, filename: file });
  run(exports, require);
  return exports;
};
const stytch = load(createRequire(import.meta.url).resolve("stytch-edge"));

const config = (more) => ({ ...ready.consumer, custom_base_url: `${ready.url}/realm/${crypto.randomUUID()}`, ...more });
const session_jwt = await emulator.token();
const seconds = () => Math.floor(Date.now() / 1000);

const results = await runOwn({
  "runs in the other realm": () => {
    ok(!(new stytch.Client(config()) instanceof Object), "the client's class belongs to the other realm");
    ok(!(new TextEncoder().encode("a") instanceof inside("Uint8Array")), "the encoder's bytes belong to this realm");
  },
  "accepts a valid token in a header and in a cookie": async () => {
    const client = new stytch.Client(config());
    same((await client.sessions.authenticateJwtLocal({ session_jwt })).session_id.startsWith("session-test-"), true);
    same(client.sessions.authenticateJwtLocalSync({ session_jwt }).session_id.startsWith("session-test-"), true);
    for (const headers of [{ authorization: `Bearer ${session_jwt}` }, new Headers({ Cookie: `stytch_session_jwt=${session_jwt}` })]) {
      same((await client.authenticateRequest({ headers })).status, "authenticated");
    }
    same((await failure(() => client.sessions.authenticateJwtLocal({ session_jwt: `${session_jwt}x` }))).reason, "invalid_base64url");
  },
  "applies cookie options of the configuration and of a call": async () => {
    const cookies = { domain: "example.com", same_site: "strict" };
    const result = { session_jwt, session_token: "token", session: { expires_at: "2099-01-01T00:00:00Z" } };
    const configured = new stytch.Client(config({ cookies }));
    await configured.loadKeys();
    for (const headers of [configured.sessionHeaders(result), new stytch.Client(config()).sessionHeaders(result, { cookies })]) {
      const set = headers.getSetCookie().filter((line) => !line.includes("Max-Age=0"));
      same(set.length, 2, "cookies");
      for (const line of set) ok(/; Domain=example\.com/.test(line) && /; SameSite=Strict/.test(line), line);
    }
  },
  "applies dates, claims and scopes of either realm": async () => {
    const client = new stytch.Client(config());
    for (const late of [new Date(32503680000000), inside("new Date(32503680000000)")]) {
      const error = await failure(() => client.sessions.authenticateJwtLocal({ session_jwt, current_date: late }));
      same(error.reason, "expired");
    }
    for (const required_claims of [{ plan: "gold" }, inside('{ plan: "gold" }')]) {
      const headers = { authorization: `Bearer ${session_jwt}` };
      same((await client.authenticateRequest({ headers }, { required_claims })).reason, "claim_mismatch");
    }
    for (const audience of [["other"], inside('["other"]')]) {
      same((await client.m2m.authenticateRequest({ headers: {} }, { audience })).reason, "no_credentials");
      const wrong = await failure(() => client.m2m.authenticateRequest({ headers: {} }, { audience: [5] }));
      same(wrong.code, "invalid_argument");
    }
  },
  "uses provided keys and a store whose promises belong to either realm": async () => {
    const entries = new Map();
    const stores = [
      { get: async (key) => entries.get(key) ?? null, put: async (key, value) => void entries.set(key, value) },
      inside("(entries) => ({ get: async (key) => entries.get(key) ?? null, put: async (key, value) => void entries.set(key, value) })")(entries),
    ];
    for (const store of stores) {
      entries.clear();
      const shared = config({ store });
      await new stytch.Client({ ...shared, isolated: true }).loadKeys();
      for (let turns = 0; turns < 10 && entries.size === 0; turns += 1) await emulator.lastCall();
      same(entries.size, 1, "entries");
      const calls = await emulator.callsDuring(() => new stytch.Client({ ...shared, isolated: true }).loadKeys());
      deepSame(calls, [], "requests for keys that the store contains");
    }
    const jwks = await new stytch.Client(config()).exportKeys();
    for (const given of [jwks, JSON.parse(JSON.stringify(jwks)), inside("(text) => JSON.parse(text)")(JSON.stringify(jwks))]) {
      const client = new stytch.Client(config({ jwks: given, jwks_pinned: true }));
      same((await client.sessions.authenticateJwtLocal({ session_jwt })).user_id.startsWith("user-test-"), true);
    }
  },
  "refreshes an expired token and sets both cookies": async () => {
    const client = new stytch.Client(config());
    await client.magicLinks.email.loginOrCreate({ email: "ada@example.com" });
    const token = await emulator.tokenFor("ada@example.com");
    const login = await client.magicLinks.authenticate({ token, session_duration_minutes: 60 });
    const claims = JSON.parse(Buffer.from(login.session_jwt.split(".")[1], "base64url").toString());
    const { session_token } = login;
    const expired = await emulator.token({ claims: { ...claims, exp: seconds() - 1 } });
    const headers = { cookie: `stytch_session_jwt=${expired}; stytch_session=${session_token}` };
    const { status, headers: set } = await client.authenticateRequest({ headers });
    deepSame([status, set.getSetCookie().length], ["authenticated", 2]);
  },
});
await end();
report(results, 6);
