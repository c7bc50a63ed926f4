// `m2m.tokenProvider`: shares one access token between many callers, and renews it before it expires.

import { deepSame, failure, matches, ok, same } from "./assert.js";
import { views } from "./secrets.js";

const SECRET = "a-secret-that-must-stay-hidden";
const CREDENTIALS = { client_id: "m2m-client-test-1", client_secret: SECRET };

/** A `fetch` that issues a new token per request, or calls `answer.next` if it is set. It records the forms. */
function issuing(expires_in = 3600) {
  const answer = async (url, init) => {
    answer.forms.push(Object.fromEntries(new URLSearchParams(init.body)));
    if (answer.next) return answer.next();
    const access_token = `token-${answer.forms.length}`;
    return new Response(JSON.stringify({ access_token, token_type: "bearer", expires_in, status_code: 200 }));
  };
  answer.forms = [];
  return answer;
}

const refusing = (status, error) => () => new Response(JSON.stringify({ error, status_code: status }), { status });

export default (test) => {
  test("returns one token until a minute before it expires", async (t) => {
    for (const product of ["consumer", "b2b"]) {
      const fetch = issuing();
      const provide = t[product]({ fetch }).m2m.tokenProvider({ ...CREDENTIALS, scopes: ["read:a", "write:b"] });
      same(await provide(), "token-1");
      same(await provide(), "token-1");
      same(await t.later(3530, provide), "token-1");
      same(await t.later(3541, provide), "token-2");
      same(await t.later(3545, provide), "token-2");
      deepSame(fetch.forms[0], { ...CREDENTIALS, scope: "read:a write:b", grant_type: "client_credentials" });
      same(fetch.forms.length, 2);
    }
  });

  test("renews a token refresh_ahead_seconds before its end, and a short-lived one at half its life", async (t) => {
    const early = t.consumer({ fetch: issuing() }).m2m.tokenProvider({ ...CREDENTIALS, refresh_ahead_seconds: 600 });
    await early();
    same(await t.later(2990, early), "token-1");
    same(await t.later(3010, early), "token-2");
    const short = t.consumer({ ...t.fresh(), fetch: issuing(20) }).m2m.tokenProvider(CREDENTIALS);
    await short();
    same(await t.later(8, short), "token-1");
    same(await t.later(12, short), "token-2");
  });

  test("sends one request for many callers if the runtime lets calls share a request", async (t) => {
    const fetch = issuing();
    const provide = t.consumer({ fetch }).m2m.tokenProvider(CREDENTIALS);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => provide()));
    const alone = ["workerd", "workerd-2024", "edge"].includes(t.runtime);
    same(fetch.forms.length, alone ? 20 : 1);
    for (const token of tokens) matches(token, /^token-\d+$/);
    const kept = await provide();
    same(await provide(), kept);
    // The first caller renews the token. Callers in the meantime receive the old token at once.
    const renewed = await t.later(3550, () => Promise.all(Array.from({ length: 20 }, () => provide())));
    same(fetch.forms.length, (alone ? 20 : 1) + 1);
    deepSame(renewed.slice(1), Array(19).fill(kept));
    ok(renewed[0] !== kept, "the first caller receives a new token");
  });

  test("shares the token in the isolate, per credentials and scopes", async (t) => {
    const fetch = issuing();
    const token = (more, config) => t.consumer({ fetch, ...config }).m2m.tokenProvider({ ...CREDENTIALS, ...more })();
    same(await token(), "token-1");
    same(await token(), "token-1");
    same(await token({ scopes: [] }), "token-1");
    same(await token({ scopes: ["read:a"] }), "token-2");
    same(await token({ client_id: "m2m-client-test-2" }), "token-3");
    same(await token({ client_secret: "another" }), "token-4");
    same(await token({}, t.fresh()), "token-5");
    same(await token(), "token-1");
  });

  test("returns the old token while it is valid if the renewal fails", async (t) => {
    const fetch = issuing();
    const provide = t.consumer({ fetch }).m2m.tokenProvider(CREDENTIALS);
    await provide();
    for (const next of [refusing(500, "server_error"), refusing(401, "invalid_client"), () => Promise.reject(new TypeError("no"))]) {
      fetch.next = next;
      same(await t.later(3550, provide), "token-1");
    }
    // After a failure, the API is called again after ten seconds, by one caller.
    const asked = fetch.forms.length;
    same(asked, 2);
    same(await t.later(3561, provide), "token-1");
    same(fetch.forms.length, asked + 1);
    fetch.next = refusing(401, "invalid_client");
    const late = await failure(() => t.later(3601, provide));
    ok(late instanceof t.stytch.StytchError, "the error is a StytchError");
    same(late.error_type, "invalid_client");
    fetch.next = undefined;
    matches(await t.later(3602, provide), /^token-\d+$/);
  });

  test("rejects with typed errors, and sends a request for the next call", async (t) => {
    const fetch = issuing();
    const provide = t.consumer({ fetch }).m2m.tokenProvider(CREDENTIALS);
    const { StytchError, RequestError } = t.stytch;
    for (const [next, kind] of [
      [refusing(401, "invalid_client"), StytchError],
      [() => Promise.reject(new TypeError("no network")), RequestError],
      [() => new Response("<html>"), RequestError],
      [() => new Response(JSON.stringify({ status_code: 200, expires_in: 3600 })), RequestError],
      [() => new Response(JSON.stringify({ status_code: 200, access_token: { a: 1 } })), RequestError],
    ]) {
      fetch.next = next;
      const error = await failure(provide);
      ok(error instanceof kind, `expected a ${kind.name}, found ${error}`);
      for (const view of views(error)) ok(!view.includes(SECRET), "the text does not contain the secret");
    }
    fetch.next = undefined;
    same(await provide(), "token-6");
  });

  test("does not remember a token without a valid expires_in", async (t) => {
    for (const expires_in of [null, 0, -1, "soon"]) {
      const provide = t.consumer({ ...t.fresh(), fetch: issuing(expires_in) }).m2m.tokenProvider(CREDENTIALS);
      same(await provide(), "token-1");
      same(await provide(), "token-2");
    }
  });

  test("requests a new token if the clock was set back", async (t) => {
    const provide = t.consumer({ fetch: issuing() }).m2m.tokenProvider(CREDENTIALS);
    await t.later(600, provide);
    same(await provide(), "token-2");
    same(await provide(), "token-2");
  });

  test("forgets a refused token once, for all callers that report it", async (t) => {
    const fetch = issuing();
    const provide = t.consumer({ fetch }).m2m.tokenProvider(CREDENTIALS);
    const refused = await provide();
    provide.forget("another");
    same(await provide(), refused);
    provide.forget(refused);
    same(await provide(), "token-2");
    provide.forget(refused);
    same(await provide(), "token-2");
    provide.forget();
    fetch.next = refusing(500, "server_error");
    ok((await failure(provide)) instanceof t.stytch.StytchError, "the forgotten token is not returned");
  });

  test("refuses invalid credentials, and does not reveal the secret", async (t) => {
    const { m2m } = t.consumer();
    for (const wrong of [
      undefined,
      {},
      { client_secret: "" },
      { client_id: 1 },
      { scopes: "read:a" },
      { scopes: [1] },
      { refresh_ahead_seconds: -1 },
      { refresh_ahead_seconds: NaN },
      { refresh_ahead_seconds: "60" },
    ]) {
      const params = wrong && Object.keys(wrong).length ? { ...CREDENTIALS, ...wrong } : wrong;
      const error = await failure(async () => m2m.tokenProvider(params));
      ok(error instanceof t.stytch.ClientError, "the error is a ClientError");
      same(error.code, "invalid_argument");
      for (const view of views(error)) ok(!view.includes(SECRET), "the text does not contain the secret");
    }
    for (const view of views(m2m.tokenProvider(CREDENTIALS))) ok(!view.includes(SECRET), "the text does not contain the secret");
  });

  test("returns tokens of the emulator that are valid for their scopes", async (t) => {
    const { m2m } = t.consumer();
    const { m2m_client } = await m2m.clients.create({ client_name: "reports", scopes: ["read:users", "write:users"] });
    const { client_id, client_secret } = m2m_client;
    const provide = m2m.tokenProvider({ client_id, client_secret, scopes: ["read:users"] });
    const calls = await t.emulator.callsDuring(async () => {
      const access_token = await provide();
      const { scopes } = await m2m.authenticateToken({ access_token, required_scopes: ["read:users"] });
      deepSame(scopes, ["read:users"]);
      same(await provide(), access_token);
    });
    same(calls.filter((call) => call.includes("/oauth2/token 200")).length, 1);
    await m2m.clients.delete({ client_id });
  });
};
