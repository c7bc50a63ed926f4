// @ts-check
// What the guard turns away, with which reason, and that it asks nobody to do so; and what it sends to be renewed.

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
  await step("an expired JWT is renewed while the session lives", async () => {
    const expired = await mint(api, { claims: secondsAgo(1000, 700) });
    const late = new Visitor(url, { stytch_session_jwt: expired, stytch_session: ada.cookies.stytch_session });
    for (const [path, location] of [
      ["/me", "/authenticate"],
      ["/authenticate", "/me"],
    ]) {
      const answer = await late.get(path);
      assert.equal(answer.status, 303);
      assert.equal(answer.headers.get("location"), location);
    }
    assert.equal(fetchesOn(await late.get("/me")), 0);
    assert.deepEqual(await api.newCalls(), ["POST /v1/sessions/authenticate 200"]);
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
    ["an expired token", await mint(api, { claims: secondsAgo(1000, 700) }), ["expired"]],
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
  assert.equal(cases.length, 7);
  assert.deepEqual(await api.newCalls(), []);
}

/** @param {import("./servers.mjs").Api} api @param {{ key?: string, claims?: object }} order */
export async function mint(api, { key = "current", claims = {} }) {
  return (await api.ask("tokens", { product: "consumer", key, header: {}, claims })).token;
}

/** @param {number} issued @param {number} ended */
function secondsAgo(issued, ended) {
  const now = Math.floor(Date.now() / 1000);
  return { iat: now - issued, nbf: now - issued, exp: now - ended };
}
