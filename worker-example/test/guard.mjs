// @ts-check
// The guard: refused tokens and their reasons, without API calls, and the refresh of sessions by the API.

import { strict as assert } from "node:assert";
import { Browser, fetchesOn, logIn } from "./browser.mjs";

/** @param {import("./index.mjs").Context} context */
export async function guard({ url, api, step }) {
  const ada = await logIn(url, api);
  await step("refuses invalid tokens with their reason, without an API call", () => refusals(url, api));
  await step("GET /me refuses them with a form", async () => {
    for (const jwt of [undefined, "garbage"]) {
      const page = await new Browser(url, { stytch_session_jwt: jwt }).get("/me");
      assert.equal(page.status, 401);
      assert.match(page.body, /action="\/login"/);
      assert.doesNotMatch(page.body, /data-fetches/);
    }
    assert.deepEqual(await api.newCalls(), []);
  });
  await step("GET / responds to them with a form", async () => {
    const page = await new Browser(url, { stytch_session_jwt: "garbage" }).get("/");
    assert.equal(page.status, 200);
    assert.match(page.body, /action="\/login"/);
    assert.deepEqual(await api.newCalls(), []);
  });
  const { stytch_session } = ada.cookies;
  await step("refreshes an expired JWT and a missing JWT", async () => {
    for (const stytch_session_jwt of [await expired(api, ada.cookies.stytch_session_jwt), undefined]) {
      const late = new Browser(url, { stytch_session_jwt, stytch_session });
      const page = await late.get("/me");
      assert.equal(page.status, 200);
      assert.equal(fetchesOn(page), 1);
      assert.equal(page.headers.getSetCookie().length, 2);
      assert.equal(page.headers.get("cache-control"), "no-store");
      assert.equal(fetchesOn(await late.get("/me")), 0, "the browser has the new JWT");
      assert.deepEqual(await api.newCalls(), [REFRESH]);
    }
  });
  await step("clears the cookies of a session that has ended, that of the JWT first", async () => {
    const gone = new Browser(url, { stytch_session_jwt: await expired(api), stytch_session: "A".repeat(44) });
    const answer = await gone.get("/api/me");
    assert.equal(answer.status, 401);
    assert.deepEqual(JSON.parse(answer.body), { status: "unauthenticated", reason: "session_not_found" });
    assert.deepEqual(gone.cookies, { stytch_session: "A".repeat(44) }, "the session token may be of another session");
    assert.equal((await gone.get("/api/me")).status, 401);
    assert.deepEqual(gone.cookies, {});
    assert.equal((await api.newCalls()).length, 2);
  });
  await step("uses the session token if the JWT is invalid, and replaces the JWT", async () => {
    const browser = new Browser(url, { stytch_session_jwt: "garbage", stytch_session });
    assert.equal((await browser.get("/me")).status, 200);
    assert.notEqual(browser.cookies.stytch_session_jwt, "garbage");
    assert.deepEqual(await api.newCalls(), [REFRESH]);
  });
  await step("a log-out with an expired JWT revokes the session", async () => {
    const late = new Browser(url, { stytch_session_jwt: await expired(api, ada.cookies.stytch_session_jwt), stytch_session });
    assert.equal((await late.post("/logout", {})).status, 303);
    assert.deepEqual(late.cookies, {});
    assert.deepEqual(await api.newCalls(), [REFRESH, "POST /v1/sessions/revoke 200"]);
  });
  await step("a log-out clears the cookies of a session that has already ended", async () => {
    assert.equal((await ada.get("/me")).status, 200, "its JWT has not expired");
    assert.equal((await ada.post("/logout", {})).status, 303);
    assert.deepEqual(ada.cookies, {});
    await api.newCalls();
  });
}

/** @param {string} url @param {import("./servers.mjs").Api} api */
async function refusals(url, api) {
  const other = "project-test-00000000-0000-4000-8000-000000000000";
  const claims = { iss: `stytch.com/${other}`, aud: [other] };
  /** @type {[name: string, token: string | undefined, reasons: string[]][]} */
  const cases = [
    ["no cookie", undefined, ["no_credentials"]],
    ["an empty cookie", "", ["no_credentials"]],
    ["garbage", "garbage", ["malformed"]],
    ["another project's token", await mint(api, { claims }), ["wrong_issuer"]],
    ["another key's token", await mint(api, { key: "stranger" }), ["bad_signature"]],
    ["an unsigned token", await mint(api, { key: "none" }), ["wrong_algorithm"]],
  ];
  for (const [name, token, reasons] of cases) {
    const answer = await new Browser(url, { stytch_session_jwt: token }).get("/api/me");
    assert.equal(answer.status, 401, name);
    const { reason } = JSON.parse(answer.body);
    assert.ok(reasons.includes(reason), `${name}: ${reason}`);
  }
  const good = await new Browser(url, { stytch_session_jwt: await mint(api, {}) }).get("/api/me");
  assert.equal(good.status, 200, "a valid token is accepted");
  assert.equal(cases.length, 6);
  assert.deepEqual(await api.newCalls(), []);
}

/** @param {import("./servers.mjs").Api} api @param {{ key?: string, claims?: object }} order */
export async function mint(api, { key = "current", claims = {} }) {
  return (await api.ask("tokens", { product: "consumer", key, header: {}, claims })).token;
}

/**
 * An expired JWT of the session of another JWT, or of a session that does not exist.
 * @param {import("./servers.mjs").Api} api @param {string} [jwt]
 */
export function expired(api, jwt) {
  const now = Math.floor(Date.now() / 1000);
  const session = jwt ? JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString()) : {};
  return mint(api, { claims: { ...session, iat: now - 1000, nbf: now - 1000, exp: now - 700 } });
}

const REFRESH = "POST /v1/sessions/authenticate 200";
