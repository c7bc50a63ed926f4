// @ts-check
// The journey of a user: the form, the link, the guarded pages, the log-out. The number of fetches on each page is
// compared with the emulator's request log.

import { strict as assert } from "node:assert";
import { Browser, fetchesOn } from "./browser.mjs";

const ADDRESS = "ada@example.com";

/** @param {import("./index.mjs").Context} context */
export async function journey({ url, api, step }) {
  const ada = new Browser(url);
  /** @type {string} */
  let link;

  await step("GET / responds with a form, without an API call", async () => {
    const page = await ada.get("/");
    assert.equal(page.status, 200);
    assert.match(page.body, /<form method="post" action="\/login">/);
    assert.match(page.body, /name="email"/);
    assert.doesNotMatch(page.body, /\{\{|id="me"|id="sent"|id="outage"/);
    assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'self'; script-src 'none'/);
    assert.equal(page.headers.get("cache-control"), "no-store");
    assert.deepEqual(await api.newCalls(), []);
  });
  await step("POST /login sends a link to this Worker", async () => {
    const page = await ada.post("/login", { email: ADDRESS });
    assert.equal(page.status, 200);
    assert.match(page.body, /Check your e-mail/);
    assert.match(page.body, /ada@example\.com/);
    link = await api.newestLink(ADDRESS);
    assert.ok(link.startsWith(`${url}/authenticate?`), "the link does not lead to the Worker");
    assert.deepEqual(await api.newCalls(), ["POST /v1/magic_links/email/login_or_create 200"]);
  });
  await step("the link sets two cookies and redirects to /me", async () => {
    const answer = await ada.get(link.slice(url.length));
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get("location"), "/me");
    const cookies = answer.headers.getSetCookie();
    assert.deepEqual(cookies.map((cookie) => cookie.split("=")[0]).sort(), ["stytch_session", "stytch_session_jwt"]);
    for (const cookie of cookies) {
      assert.match(cookie, /^\w+=[\w.-]+; Path=\/; Max-Age=(3600|35\d\d); HttpOnly; SameSite=Lax$/);
    }
    assert.deepEqual(await api.newCalls(), ["POST /v1/magic_links/authenticate 200"]);
  });
  await step("GET /me in a fresh isolate makes one fetch, for the key set", async () => {
    const page = await ada.get("/me");
    assert.equal(page.status, 200);
    assert.match(page.body, /ada@example\.com/);
    assert.match(page.body, /user-test-[0-9a-f-]{36}/);
    assert.equal(fetchesOn(page), 1);
    assert.deepEqual(await api.newCalls(), [`GET /v1/sessions/jwks/${api.consumer.project_id} 200`]);
  });
  await step("later requests to guarded pages do not fetch", async () => {
    for (const path of ["/me", "/", "/me"]) {
      const page = await ada.get(path);
      assert.equal(page.status, 200);
      assert.equal(fetchesOn(page), 0);
    }
    assert.deepEqual(await api.newCalls(), []);
  });
  await step("GET /api/me returns the session as JSON, without a fetch", async () => {
    const answer = await ada.get("/api/me");
    assert.equal(answer.status, 200);
    const session = JSON.parse(answer.body);
    assert.match(session.session_id, /^session-test-/);
    assert.equal(session.authentication_factors[0].email_factor.email_address, ADDRESS);
    assert.deepEqual(await api.newCalls(), []);
  });
  await step("refuses a used link with a form", async () => {
    const page = await ada.get(link.slice(url.length));
    assert.equal(page.status, 401);
    assert.match(page.body, /role="alert">[^<]+<\/p>/);
    assert.match(page.body, /action="\/login"/);
    assert.deepEqual(page.headers.getSetCookie(), []);
    assert.deepEqual(await api.newCalls(), ["POST /v1/magic_links/authenticate 401"]);
  });
  await step("during an outage of the API, log-in and log-out respond with 503", async () => {
    await api.during({ path_prefix: "/v1/", kind: "status", status: 503 }, async () => {
      assert.equal((await ada.post("/login", { email: ADDRESS })).status, 503);
      const page = await ada.post("/logout", {});
      assert.equal(page.status, 503);
      assert.deepEqual(page.headers.getSetCookie(), [], "the session is active, so its cookies must stay");
      assert.equal((await ada.get("/me")).status, 200, "a valid JWT is verified without the API");
    });
    assert.equal((await api.newCalls()).length, 2);
  });
  await step("POST /logout revokes the session and clears both cookies", async () => {
    const session_token = ada.cookies.stytch_session;
    const answer = await ada.post("/logout", {});
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get("location"), "/");
    const cookies = answer.headers.getSetCookie();
    assert.equal(cookies.length, 2);
    for (const cookie of cookies) assert.match(cookie, /^\w+=; Path=\/; Max-Age=0; HttpOnly; SameSite=Lax$/);
    assert.deepEqual(await api.newCalls(), ["POST /v1/sessions/revoke 200"]);
    assert.equal(await authenticate(api, session_token), 404);
    await api.newCalls();
  });
  await step("after the log-out, /me is refused, and another log-out is harmless", async () => {
    assert.equal((await ada.get("/me")).status, 401);
    assert.equal((await ada.post("/logout", {})).status, 303);
    assert.deepEqual(await api.newCalls(), []);
  });
}

/**
 * Returns the status with which the API responds to a session token.
 * @param {import("./servers.mjs").Api} api @param {string} session_token
 */
async function authenticate(api, session_token) {
  const { project_id, secret } = api.consumer;
  const authorization = `Basic ${btoa(`${project_id}:${secret}`)}`;
  const headers = { authorization, "content-type": "application/json" };
  const body = JSON.stringify({ session_token });
  return (await fetch(`${api.url}/v1/sessions/authenticate`, { method: "POST", headers, body })).status;
}
