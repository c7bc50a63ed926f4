// @ts-check
// A Worker that starts while the API or its key set is unavailable: the status is `unavailable`, and the user stays
// logged in.

import { strict as assert } from "node:assert";
import { expired } from "./guard.mjs";
import { Browser, fetchesOn, logIn } from "./browser.mjs";

const JWKS = "/v1/sessions/jwks/";

/** @param {import("./index.mjs").Context} context */
export async function outage({ url, api, step }) {
  const browser = await logIn(url, api);
  const { ...cookies } = browser.cookies;
  const late = new Browser(url, { ...cookies, stytch_session_jwt: await expired(api, cookies.stytch_session_jwt) });
  await step("during an outage of the API, /api/me responds with 503 and keeps the cookies", async () => {
    for (const fault of [{ kind: "status", status: 503 }, { kind: "close" }, { kind: "garbage" }]) {
      await api.during({ path_prefix: "/v1/", ...fault }, async () => {
        const answer = await browser.get("/api/me");
        assert.equal(answer.status, 503, fault.kind);
        assert.deepEqual(JSON.parse(answer.body), { status: "unavailable", reason: "api_unavailable" });
        assert.deepEqual(answer.headers.getSetCookie(), []);
      });
    }
  });
  await step("during an outage, the pages display no form, and users with an expired JWT stay logged in", async () => {
    await api.during({ path_prefix: "/v1/", kind: "status", status: 503 }, async () => {
      for (const page of [await browser.get("/me"), await late.get("/"), await late.post("/logout", {})]) {
        assert.equal(page.status, 503);
        assert.match(page.body, /try again/);
        assert.doesNotMatch(page.body, /action="\/login"/);
        assert.deepEqual(page.headers.getSetCookie(), []);
      }
    });
  });
  await step("if only the key set is unavailable, the API checks the session", async () => {
    await api.during({ path_prefix: "/v1/sessions/jwks/", kind: "status", status: 503 }, async () => {
      // After the outage, requests about sessions pause for up to 30 seconds.
      const end = Date.now() + 40_000;
      let page = await browser.get("/me");
      while (page.status === 503 && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        page = await browser.get("/me");
      }
      assert.equal(page.status, 200);
    });
  });
  await step("when the key set is available again, the page needs one fetch", async () => {
    assert.equal(fetchesOn(await browser.get("/me")), 1);
  });
}
