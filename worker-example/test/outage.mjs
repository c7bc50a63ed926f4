// @ts-check
// A Worker that starts while the API, or its key set, cannot be had: an outage is not a verdict.

import { strict as assert } from "node:assert";
import { expired } from "./guard.mjs";
import { fetchesOn, logIn, Visitor } from "./visitor.mjs";

const JWKS = "/v1/sessions/jwks/";

/** @param {import("./index.mjs").Stage} stage */
export async function outage({ url, api, step }) {
  const visitor = await logIn(url, api);
  const { ...cookies } = visitor.cookies;
  const late = new Visitor(url, { ...cookies, stytch_session_jwt: await expired(api) });
  await step("without the API, /api/me answers 503: no verdict, and no cookie changes", async () => {
    for (const fault of [{ kind: "status", status: 503 }, { kind: "close" }, { kind: "garbage" }]) {
      await api.during({ path_prefix: "/v1/", ...fault }, async () => {
        const answer = await visitor.get("/api/me");
        assert.equal(answer.status, 503, fault.kind);
        assert.deepEqual(JSON.parse(answer.body), { status: "unavailable", reason: "api_unavailable" });
        assert.deepEqual(answer.headers.getSetCookie(), []);
      });
    }
  });
  await step("nor does any page show a form then, or log out whose JWT has expired", async () => {
    await api.during({ path_prefix: "/v1/", kind: "status", status: 503 }, async () => {
      for (const page of [await visitor.get("/me"), await late.get("/"), await late.post("/logout", {})]) {
        assert.equal(page.status, 503);
        assert.match(page.body, /try again/);
        assert.doesNotMatch(page.body, /action="\/login"/);
        assert.deepEqual(page.headers.getSetCookie(), []);
      }
    });
  });
  await step("where the key set alone is down, the API's word opens the page", async () => {
    await api.during({ path_prefix: "/v1/sessions/jwks/", kind: "status", status: 503 }, async () => {
      assert.equal((await visitor.get("/me")).status, 200);
    });
  });
  await step("when the key set is back, the page opens with one fetch, by whichever way", async () => {
    assert.equal(fetchesOn(await visitor.get("/me")), 1);
  });
}
