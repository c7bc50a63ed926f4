// @ts-check
// A Worker that starts while the key set cannot be had: an outage is not a verdict.

import { strict as assert } from "node:assert";
import { mint } from "./guard.mjs";
import { fetchesOn, Visitor } from "./visitor.mjs";

const JWKS = "/v1/sessions/jwks/";

/** @param {import("./index.mjs").Stage} stage */
export async function outage({ url, api, step }) {
  const visitor = new Visitor(url, { stytch_session_jwt: await mint(api, {}) });
  await step("without the key set, /api/me answers 503 keys_unavailable: no verdict", async () => {
    for (const fault of [{ kind: "status", status: 503 }, { kind: "close" }, { kind: "garbage" }]) {
      await api.during({ path_prefix: JWKS, ...fault }, async () => {
        const answer = await visitor.get("/api/me");
        assert.equal(answer.status, 503, fault.kind);
        assert.deepEqual(JSON.parse(answer.body), { reason: "keys_unavailable" });
      });
    }
  });
  await step("nor does /me show a form then", async () => {
    await api.during({ path_prefix: JWKS, kind: "status", status: 503 }, async () => {
      const page = await visitor.get("/me");
      assert.equal(page.status, 503);
      assert.match(page.body, /try again/);
      assert.doesNotMatch(page.body, /action="\/login"/);
    });
  });
  await step("when the key set is back, so are the pages", async () => {
    await api.newCalls();
    assert.equal(fetchesOn(await visitor.get("/me")), 1);
    assert.equal(fetchesOn(await visitor.get("/me")), 0);
    assert.equal((await api.newCalls()).length, 1);
  });
}
