// @ts-check
// What the guard turns away, with which reason, and that it asks nobody to do so; and what the API is asked to refresh.

import { strict as assert } from "node:assert";
import { fetchesOn, logIn, Visitor } from "./visitor.mjs";

/** @param {import("./index.mjs").Stage} stage */
export async function guard({ url, api, step }) {
  const ada = await logIn(url, api);
  await step("what is no session is turned away with its reason, and reaches nobody", () => refusals(url, api));
  await step("GET /me turns the same away with a form", async () => {
    for (const jwt of [undefined, "garbage"]) {
      const page = await new Visitor(url, { stytch_session_jwt: jwt }).get("/me");
      assert.equal(page.status, 401);
      assert.match(page.body, /action="\/login"/);
      assert.doesNotMatch(page.body, /data-fetches/);
    }
    assert.deepEqual(await api.newCalls(), []);
  });
  await step("GET / shows a form to them as well", async () => {
    const page = await new Visitor(url, { stytch_session_jwt: "garbage" }).get("/");
    assert.equal(page.status, 200);
    assert.match(page.body, /action="\/login"/);
    assert.deepEqual(await api.newCalls(), []);
  });
  const { stytch_session } = ada.cookies;
  await step("an expired JWT is refreshed where it is met, and so is none at all", async () => {
    for (const stytch_session_jwt of [await expired(api), undefined]) {
      const late = new Visitor(url, { stytch_session_jwt, stytch_session });
      const page = await late.get("/me");
      assert.equal(page.status, 200);
      assert.equal(fetchesOn(page), 1);
      assert.equal(page.headers.getSetCookie().length, 2);
      assert.equal(page.headers.get("cache-control"), "no-store");
      assert.equal(fetchesOn(await late.get("/me")), 0, "the new JWT was kept");
      assert.deepEqual(await api.newCalls(), [REFRESH]);
    }
  });
  await step("of a session that is over, both cookies are cleared", async () => {
    const gone = new Visitor(url, { stytch_session_jwt: await expired(api), stytch_session: "A".repeat(44) });
    const answer = await gone.get("/api/me");
    assert.equal(answer.status, 401);
    assert.deepEqual(JSON.parse(answer.body), { status: "unauthenticated", reason: "session_not_found" });
    assert.deepEqual(gone.cookies, {});
    assert.equal((await api.newCalls()).length, 1);
  });
  await step("a JWT that is wrong for good gives way to the session beside it, at the next request", async () => {
    const visitor = new Visitor(url, { stytch_session_jwt: "garbage", stytch_session });
    assert.equal((await visitor.get("/me")).status, 401);
    assert.deepEqual(visitor.cookies, { stytch_session });
    assert.equal((await visitor.get("/me")).status, 200);
    assert.deepEqual(await api.newCalls(), [REFRESH]);
  });
  await step("a log-out with an expired JWT revokes the session all the same", async () => {
    const late = new Visitor(url, { stytch_session_jwt: await expired(api), stytch_session });
    assert.equal((await late.post("/logout", {})).status, 303);
    assert.deepEqual(late.cookies, {});
    assert.deepEqual(await api.newCalls(), [REFRESH, "POST /v1/sessions/revoke 200"]);
  });
  await step("a log-out of a session that is gone already logs out", async () => {
    assert.equal((await ada.get("/me")).status, 200, "its JWT has not expired");
    assert.equal((await ada.post("/logout", {})).status, 303);
    assert.deepEqual(ada.cookies, {});
    await api.newCalls();
  });
}

/** @param {string} url @param {import("./servers.mjs").Api} api */
async function refusals(url, api) {
  const other = "project-test-00000000-0000-4000-8000-000000000000";
  /** @type {[name: string, token: string | undefined, reasons: string[]][]} */
  const cases = [
    ["no cookie", undefined, ["no_credentials"]],
    ["an empty cookie", "", ["no_credentials"]],
    ["garbage", "garbage", ["malformed"]],
    ["another project's", await mint(api, { claims: { iss: `stytch.com/${other}`, aud: [other] } }), ["wrong_issuer"]],
    ["another key's", await mint(api, { key: "stranger" }), ["bad_signature"]],
    ["an unsigned token", await mint(api, { key: "none" }), ["wrong_algorithm"]],
  ];
  for (const [name, token, reasons] of cases) {
    const answer = await new Visitor(url, { stytch_session_jwt: token }).get("/api/me");
    assert.equal(answer.status, 401, name);
    const { reason } = JSON.parse(answer.body);
    assert.ok(reasons.includes(reason), `${name}: ${reason}`);
  }
  const good = await new Visitor(url, { stytch_session_jwt: await mint(api, {}) }).get("/api/me");
  assert.equal(good.status, 200, "the tokens are refused for what is wrong with them");
  assert.equal(cases.length, 6);
  assert.deepEqual(await api.newCalls(), []);
}

/** @param {import("./servers.mjs").Api} api @param {{ key?: string, claims?: object }} order */
export async function mint(api, { key = "current", claims = {} }) {
  return (await api.ask("tokens", { product: "consumer", key, header: {}, claims })).token;
}

/** @param {import("./servers.mjs").Api} api */
export function expired(api) {
  const now = Math.floor(Date.now() / 1000);
  return mint(api, { claims: { iat: now - 1000, nbf: now - 1000, exp: now - 700 } });
}

const REFRESH = "POST /v1/sessions/authenticate 200";
