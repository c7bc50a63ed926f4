// @ts-check
// Invalid requests: forms of other sites, wrong paths and methods, markup in queries, steps without a log-in. And an outage.

import { strict as assert } from "node:assert";
import { Browser } from "../../test/browser.mjs";
import { linkTo, to } from "./pages.mjs";

const LOST = "/login?reason=flow_not_started_here";
const POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const FORMS = ["/organizations", "/mfa/app", "/mfa/recovery", "/switch", "/organizations/organization-1/security"];

/** @param {import("../../test/index.mjs").Context} context */
export async function forms({ url, api, step }) {
  const grace = new Browser(url);
  await step("b2b: pages have a policy without scripts, and are not stored", async () => {
    await grace.get(await linkTo(api, grace, "grace@example.com"));
    for (const path of ["/login", "/login?sent=1", "/organizations", "/nothing"]) {
      const page = await grace.get(path);
      assert.equal(page.headers.get("content-security-policy"), POLICY, path);
      assert.equal(page.headers.get("cache-control"), "no-store", path);
      assert.doesNotMatch(page.body, /<script|javascript:|\son\w+=|style=/, path);
    }
    assert.equal((await grace.get("/style.css")).status, 200);
  });
  await step("b2b: forms of other sites are refused, without an API call", async () => {
    await api.newCalls();
    for (const path of [...FORMS, "/auth/magic-link", "/auth/organization", "/auth/mfa/totp", "/auth/log-out"]) {
      for (const origin of ["https://evil.example", "null", ""]) {
        assert.equal((await grace.post(path, { email: "grace@example.com" }, origin)).status, 403, `${path} from ${origin}`);
      }
    }
    assert.deepEqual(await api.newCalls(), []);
  });
  await step("b2b: a link of another site does not start OAuth", async () => {
    const page = await grace.send("GET", "/auth/oauth/google", { "sec-fetch-site": "cross-site" });
    assert.equal(page.status, 200);
    assert.deepEqual(page.headers.getSetCookie(), []);
  });
  await step("b2b: responds to unknown paths with 404, and to other methods with 405", async () => {
    for (const path of ["/nothing", "/organizations/", "/organizations/a/b/security", "/auth/password"]) assert.equal((await grace.get(path)).status, 404, path);
    for (const [method, path, allow] of [
      ["POST", "/", "GET"],
      ["GET", "/mfa/app", "POST"],
      ["PUT", "/switch", "GET, POST"],
      ["DELETE", "/organizations/a/security", "GET, POST"],
      ["GET", "/auth/log-out", "POST"],
    ]) {
      const answer = await grace.send(method, path);
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.headers.get("allow"), allow);
    }
  });
  await step("b2b: escapes the query", async () => {
    const { body } = await grace.get("/login?reason=%3Cb%3E&return_to=%22%3E%3Cscript%3E");
    assert.match(body, /role="alert">The log-in was not possible/);
    assert.match(body, /value="&#34;&#62;&#60;script&#62;"/);
    assert.doesNotMatch(body, /<script|<b>/);
  });
  await step("b2b: a step without a log-in leads to the log-in form", async () => {
    const stranger = new Browser(url);
    for (const path of ["/organizations", "/mfa"]) assert.equal(to(await stranger.get(path)), LOST, path);
    for (const path of ["/organizations", "/mfa/app", "/mfa/recovery", "/auth/organization", "/auth/mfa/totp"]) {
      assert.equal(to(await stranger.post(path, {})), LOST, path);
    }
    assert.match((await stranger.get(LOST)).body, /in the same browser/);
    for (const path of ["/switch", "/organizations/a/security"]) assert.equal(to(await stranger.post(path, {})), "/login", path);
    const other = new Browser(url, { stytch_intermediate_session: "A".repeat(44) });
    assert.equal(to(await other.get("/organizations")), LOST);
  });
  await step("b2b: a link opens only in the browser that requested it", async () => {
    const link = await linkTo(api, grace, "grace@example.com");
    assert.equal(to(await new Browser(url).get(link)), LOST);
    assert.equal(to(await grace.get(link)), "/organizations");
  });
  await step("b2b: a user cannot switch to an organization without a membership", async () => {
    assert.equal(to(await grace.post("/organizations", { organization_name: "Grace" })), "/");
    const refused = await grace.post("/switch", { organization_id: "organization-test-11111111-1111-4111-8111-111111111111" });
    assert.equal(refused.status, 404);
    assert.match(refused.body, /role="alert">[^<]+<\/p>/);
    assert.equal((await grace.get("/")).status, 200);
  });
  await step("b2b: during an outage, the status is 503, and the member stays logged in", async () => {
    await api.during({ path_prefix: "/v1/", kind: "status", status: 503 }, async () => {
      for (const answer of [await grace.get("/switch"), await grace.post("/switch", { organization_id: "a" })]) {
        assert.equal(answer.status, 503);
        assert.match(answer.body, /still logged in/);
        assert.deepEqual(answer.headers.getSetCookie(), []);
      }
      assert.equal((await grace.get("/")).status, 200, "a valid JWT is verified without the API");
    });
  });
}
