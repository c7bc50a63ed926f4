// @ts-check
// The journey of two members: log-in by a link and by OAuth, new organizations, a second factor, the switch between
// organizations, permissions, the log-out.

import { strict as assert } from "node:assert";
import { Browser } from "../../test/browser.mjs";
import { codeOf } from "./authenticator.mjs";
import { atGoogle, invite, linkTo, organizationOn, to } from "./pages.mjs";

const ADA = "ada@example.com";
const BOB = "bob@example.com";
// The API accepts markup in names.
const ACME = "Acme <i>& Söhne</i>";
const ACME_ESCAPED = "Acme &#60;i&#62;&#38; Söhne&#60;/i&#62;";

/** @param {import("../../test/index.mjs").Context} context */
export async function members({ url, api, step }) {
  const ada = new Browser(url);
  /** @type {string} */
  let acme;
  /** @type {string} */
  let secret;
  /** @type {string[]} */
  let recoveryCodes;

  await step("b2b: a page without a session leads to the log-in form, which returns to it", async () => {
    await api.newCalls();
    assert.equal(to(await ada.get("/")), "/login");
    assert.equal(to(await ada.get("/switch?a=b")), "/login?return_to=%2Fswitch%3Fa%3Db");
    const page = await ada.get("/login?return_to=%2Fswitch%3Fa%3Db");
    assert.match(page.body, /name="return_to" type="hidden" value="\/switch\?a=b"/);
    assert.match(page.body, /href="\/auth\/oauth\/google\?return_to=%2Fswitch%3Fa%3Db"/);
    assert.deepEqual(await api.newCalls(), []);
  });
  await step("b2b: a link of discovery leads to the organizations, of which there is none", async () => {
    assert.equal(to(await ada.get(await linkTo(api, ada, ADA))), "/organizations");
    const page = await ada.get("/organizations");
    assert.match(page.body, /<h1>Create an organization<\/h1>/);
    assert.match(page.body, /You are ada@example\.com/);
  });
  await step("b2b: a user creates an organization, and is its administrator", async () => {
    assert.equal(to(await ada.post("/organizations", { organization_name: ACME })), "/");
    const page = await ada.get("/");
    assert.equal(page.status, 200);
    assert.match(page.body, /stytch_admin/);
    acme = organizationOn(page);
  });
  await step("b2b: the administrator requires a second factor from all members", async () => {
    const path = `/organizations/${acme}/security`;
    const before = await ada.get(path);
    assert.ok(before.body.includes(`<h1>Security of ${ACME_ESCAPED}</h1>`), before.body);
    assert.match(before.body, /is optional/);
    assert.equal(to(await ada.post(path, { required: "yes" })), path);
    assert.match((await ada.get(path)).body, /is required/);
  });
  await step("b2b: after the log-out, the cookies do not open a page", async () => {
    const { stytch_server_session } = ada.cookies;
    assert.ok(stytch_server_session);
    assert.equal(to(await ada.post("/auth/log-out", {})), "/login");
    assert.deepEqual(ada.cookies, {});
    assert.equal(to(await new Browser(url, { stytch_server_session }).get("/")), "/login");
  });
  await step("b2b: the user finds the organization again, and creates another one", async () => {
    assert.equal(to(await ada.get(await linkTo(api, ada, ADA, { return_to: "/switch" }))), "/organizations");
    const page = await ada.get("/organizations");
    assert.match(page.body, /<h1>Choose an organization<\/h1>/);
    assert.ok(page.body.includes(`<button>${ACME_ESCAPED}</button>`), page.body);
    assert.equal(to(await ada.post("/organizations", { organization_name: "Beta" })), "/switch");
    const other = await ada.get("/switch");
    assert.ok(other.body.includes(ACME_ESCAPED) && !other.body.includes("Beta"), other.body);
  });
  await step("b2b: the settings of another organization are refused", async () => {
    const beta = await ada.get("/");
    assert.notEqual(organizationOn(beta), acme);
    await api.newCalls();
    for (const refused of [await ada.get(`/organizations/${acme}/security`), await ada.post(`/organizations/${acme}/security`, {})]) {
      assert.equal(refused.status, 403);
      assert.match(refused.body, /Your role in this organization/);
    }
    assert.deepEqual(await api.newCalls(), []);
  });
  await step("b2b: the switch to the other organization needs a second factor, and keeps the session until then", async () => {
    assert.equal(to(await ada.post("/switch", { organization_id: acme })), "/mfa");
    const page = await ada.get("/mfa");
    assert.ok(page.body.includes(`<h1>${ACME_ESCAPED} requires a second factor</h1>`), page.body);
    assert.match(page.body, /action="\/mfa\/app"/);
    assert.notEqual(organizationOn(await ada.get("/")), acme);
  });
  await step("b2b: the user registers an authenticator app, and enters its code", async () => {
    const page = await ada.post("/mfa/app", {});
    assert.match(page.body, /<img src="data:image\/png;base64,[\w+/=]+"/);
    [, secret] = /<code>([A-Z2-7]{32})<\/code>/.exec(page.body) ?? assert.fail(page.body);
    recoveryCodes = [...page.body.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, code]) => code);
    assert.equal(recoveryCodes.length, 10);
    const code = codeOf(secret);
    const wrong = code === "000000" ? "000001" : "000000";
    assert.equal(to(await ada.post("/auth/mfa/totp", { code: wrong })), "/mfa?reason=code_not_accepted");
    assert.match((await ada.get("/mfa?reason=code_not_accepted")).body, /The code is wrong[^]*name="code"/);
    assert.equal(to(await ada.post("/auth/mfa/totp", { code })), "/");
    const home = await ada.get("/");
    assert.equal(organizationOn(home), acme);
    assert.match(home.body, /totp/);
  });
  await step("b2b: the user switches back without a second factor", async () => {
    const { body } = await ada.get("/switch");
    const [, beta] = /value="(organization-[\w-]+)"/.exec(body) ?? assert.fail(body);
    assert.equal(to(await ada.post("/switch", { organization_id: beta })), "/");
    assert.equal(organizationOn(await ada.get("/")), beta);
  });
  await step("b2b: a registered app cannot be replaced with the first factor alone", async () => {
    await ada.post("/auth/log-out", {});
    await ada.get(await linkTo(api, ada, ADA));
    assert.equal(to(await ada.post("/auth/organization", { organization_id: acme })), "/mfa");
    const page = await ada.get("/mfa");
    assert.match(page.body, /name="code"/);
    assert.doesNotMatch(page.body, /action="\/mfa\/app"/);
    await api.newCalls();
    assert.equal(to(await ada.post("/mfa/app", {})), "/mfa");
    assert.ok((await api.newCalls()).every((call) => call.startsWith("GET ")), "the API is not asked for another app");
  });
  await step("b2b: a recovery code is accepted in place of a code, once", async () => {
    for (const recovery_code of ["", "none", "aaaa-bbbb-cccc"]) {
      assert.equal(to(await ada.post("/mfa/recovery", { recovery_code })), "/mfa?reason=code_not_accepted", recovery_code);
    }
    assert.equal(to(await ada.post("/mfa/recovery", { recovery_code: recoveryCodes[0] })), "/");
    assert.equal(organizationOn(await ada.get("/")), acme);
    await ada.post("/auth/log-out", {});
    await ada.get(await linkTo(api, ada, ADA));
    await ada.post("/auth/organization", { organization_id: acme });
    assert.equal(to(await ada.post("/mfa/recovery", { recovery_code: recoveryCodes[0] })), "/mfa?reason=code_not_accepted");
    assert.equal(to(await ada.post("/mfa/recovery", { recovery_code: recoveryCodes[1] })), "/");
  });
  await step("b2b: an invited member logs in by OAuth, and may not change the settings", async () => {
    await invite(api, acme, BOB);
    const bob = new Browser(url);
    const start = await bob.send("GET", "/auth/oauth/google?return_to=%2Fswitch", { "sec-fetch-site": "same-origin" });
    assert.equal(to(await bob.get(await atGoogle(start, BOB, url))), "/organizations");
    assert.equal(to(await bob.post("/auth/organization", { organization_id: acme })), "/mfa");
    const { body } = await bob.post("/mfa/app", {});
    const [, its] = /<code>([A-Z2-7]{32})<\/code>/.exec(body) ?? assert.fail(body);
    assert.equal(to(await bob.post("/auth/mfa/totp", { code: codeOf(its) })), "/switch");
    assert.match((await bob.get("/switch")).body, /one organization only/);
    const path = `/organizations/${acme}/security`;
    await api.newCalls();
    for (const refused of [await bob.get(path), await bob.post(path, {})]) assert.equal(refused.status, 403);
    assert.ok((await api.newCalls()).every((call) => !call.startsWith("PUT ")));
    assert.match((await ada.get(path)).body, /is required/);
  });
}
