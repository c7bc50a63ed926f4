// The check of the log-in routes: the same log-ins, and the same refusals, with each framework. A program has `/account` and
// `/login` for users, `/member` for members, and the routes four times:
//
// /auth     users: magic links, OAuth with Google, passwords; the user returns to /home
// /confirm  the same with `confirm`
// /down     the same, but the API does not respond
// /b2b      members: the same, single sign-on and authenticator apps

import { randomUUID } from "node:crypto";

import { deepSame, matches, ok, same } from "../conformance/assert.js";
import { open as openPage, submit as submitPage } from "../official/flows/browser.mjs";
import { codeOf } from "../official/node/authenticator_app.mjs";
import { checkInChromium } from "./chromium-checks.mjs";
import { call } from "./guard-checks.mjs";
import { Browser, OLD_PAGE } from "./requests.mjs";

/** The variables of a program with log-in routes, in addition to those of every program. */
export const logInVariables = ({ guard }, port) => ({
  ORIGIN: `http://127.0.0.1:${port}`,
  PUBLIC_TOKEN: guard.emulator.public_tokens.consumer,
  B2B_PROJECT_ID: guard.emulator.b2b.project_id,
  B2B_SECRET: guard.emulator.b2b.secret,
  B2B_PUBLIC_TOKEN: guard.emulator.public_tokens.b2b,
});

/** Fails unless the log-in routes of the server at `url` behave as they do with each framework. */
export async function checkLogIns(harness, url) {
  const { guard } = harness;
  for (const check of CHECKS) {
    await check({ url, guard, emulator: guard.emulator, browser: new Browser(url), address: () => `ada.${randomUUID()}@example.com` });
  }
  await checkInChromium(harness, url);
}

/** A link logs a user in once, in the browser that asked for it. */
async function magicLinks(t) {
  const { browser, url } = t;
  const email = t.address();
  const sent = await browser.submit("/auth/magic-link", { email, return_to: "/account" });
  deepSame(summary(sent), [303, "/login?sent=1", "no-store", "no-referrer"]);
  deepSame(browser.names, ["__Host-stytch_flow_magic_link"]);
  const link = await linkTo(t, email);
  ok(link.startsWith(`${url}/auth/callback?`), `the link leads to the app: ${link}`);
  // Mail scanners and prefetches do not use the link up.
  for (const [headers, method, status] of [
    [{}, "HEAD", 405],
    [{}, "POST", 405],
    [{ "Sec-Purpose": "prefetch" }, "GET", 403],
    [{ Purpose: "prefetch" }, "GET", 403],
  ]) {
    const { status: found, set } = await browser.open(link, headers, method);
    deepSame([found, set], [status, []], `${method} ${JSON.stringify(headers)}`);
  }
  const stranger = await new Browser(url).open(link);
  deepSame(summary(stranger), [303, "/login?reason=flow_not_started_here", "no-store", "no-referrer"], "another browser");
  const opened = await browser.open(link);
  deepSame(summary(opened), [303, "/account", "no-store", "no-referrer"]);
  deepSame(browser.names, ["stytch_session", "stytch_session_jwt"]);
  const page = await browser.open("/account");
  isNotStored(page);
  matches(page.body, /^Hello user-test-/);
  same((await browser.open(link)).header("location"), "/login?reason=flow_not_started_here", "a second time");
  await browser.submit("/auth/magic-link", { email });
  same((await browser.open(link)).header("location"), "/login?reason=token_not_accepted", "a second time with a new flow");
}

/** The response does not depend on whether a user exists. */
async function hints(t) {
  const known = await withPassword(t);
  for (const path of ["/auth/magic-link", "/auth/password/forgot"]) {
    const seen = [];
    for (const email of [known.email, t.address()]) {
      const answer = await new Browser(t.url).submit(path, { email });
      seen.push([...summary(answer), answer.body, answer.set]);
    }
    deepSame(seen[0], seen[1], path);
  }
  const refused = [];
  for (const email of [known.email, t.address()]) {
    const answer = await new Browser(t.url).submit("/auth/password", { email, password: "not the password" });
    refused.push([...summary(answer), answer.body, answer.set]);
  }
  deepSame(refused[0], refused[1], "a wrong password");
  same(refused[0][1], "/login?reason=credentials_not_accepted");
  for (const email of ["", "garbage"]) {
    same((await t.browser.submit("/auth/magic-link", { email })).header("location"), "/login?reason=email_not_accepted");
  }
}

/** A script reads where the user goes next. */
async function scripts(t) {
  const { email, password } = await withPassword(t);
  const sent = await t.browser.script("/auth/magic-link", { email });
  deepSame([sent.status, sent.json, sent.header("location")], [200, { status: "sent", location: "/login?sent=1" }, null]);
  const refused = await t.browser.script("/auth/password", { email, password: "not the password" });
  deepSame([refused.status, refused.json.reason, refused.json.status], [403, "credentials_not_accepted", "refused"]);
  const done = await t.browser.script("/auth/password", { email, password, return_to: "/account" });
  deepSame([done.status, done.json], [200, { status: "logged_in", location: "/account" }]);
  same((await t.browser.open("/account")).status, 200);
}

/** A user logs in at the page of a provider. */
async function oauth(t) {
  for (const start of [(path) => t.browser.open(path, LINK), (path) => t.browser.submit(path)]) {
    const begun = await start("/auth/oauth/google?return_to=/account");
    deepSame([begun.status, begun.set], [303, ["__Host-stytch_flow_oauth"]]);
    const back = await atProvider(begun, t.address());
    ok(back.startsWith(`${t.url}/auth/callback?`), back);
    const other = await new Browser(t.url).open(back);
    same(other.header("location"), "/login?reason=flow_not_started_here");
    deepSame(summary(await t.browser.open(back)), [303, "/account", "no-store", "no-referrer"]);
    same((await t.browser.open("/account")).status, 200);
  }
}

/** A link of another site or of an email, and an image or an object of a page, display a button first, and start nothing. */
async function links(t) {
  for (const headers of [
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "none" },
    { "Sec-Fetch-Site": undefined },
    { ...LINK, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image" },
    { ...LINK, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty" },
    { ...LINK, "Sec-Fetch-Dest": "object" },
  ]) {
    const page = await t.browser.open("/auth/oauth/google?return_to=/account", headers);
    deepSame([page.status, page.lines, page.header("cache-control")], [200, [], "no-store"]);
    ok(page.body.includes('<form method="post">'), page.body);
    same(page.header("referrer-policy"), "same-origin", "older browsers send their origin with the form");
    matches(page.header("content-security-policy"), /frame-ancestors 'none'/);
  }
}

/** A user forgets a password, sets another one, and logs in with it. */
async function passwords(t) {
  const { email } = await withPassword(t);
  const password = "walnut bicycles hum at dawn";
  await t.browser.submit("/auth/password/forgot", { email, return_to: "/account" });
  const opened = await t.browser.open(await linkTo(t, email));
  same(opened.header("location"), "/login?step=needs_new_password");
  const weak = await t.browser.submit("/auth/password/reset", { password: "password" });
  same(weak.header("location"), "/login?step=needs_new_password&reason=password_not_accepted");
  const cross = await t.browser.submit("/auth/password/reset", { password }, { "Sec-Fetch-Site": "cross-site" });
  same(cross.status, 403);
  same((await t.browser.submit("/auth/password/reset", { password })).header("location"), "/account");
  same((await t.browser.submit("/auth/password/reset", { password })).header("location"), "/login?reason=no_token", "a second time");
  const again = new Browser(t.url);
  deepSame(summary(await again.submit("/auth/password", { email, password })), [303, "/home", "no-store", "no-referrer"]);
  same((await again.open("/account")).status, 200);
}

/** Pages of other sites, and senders that are not known, start and end nothing. */
async function otherSites(t) {
  const { email, password } = await withPassword(t);
  for (const path of ["magic-link", "oauth/google", "password", "password/forgot", "password/reset", "log-out"]) {
    for (const headers of [
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" },
      { "Sec-Fetch-Site": "cross-site", Origin: undefined },
      { "Sec-Fetch-Site": "same-site" },
      { "Sec-Fetch-Site": "none" },
      { "Sec-Fetch-Site": "none", Origin: undefined },
      { "Sec-Fetch-Site": undefined, Origin: undefined },
      { "Sec-Fetch-Site": undefined, Origin: "https://evil.example" },
      { "Sec-Fetch-Site": undefined, Origin: "null" },
      { "Sec-Fetch-Site": undefined, Origin: "http://evil.example", Host: "evil.example" },
    ]) {
      const answer = await t.browser.submit(`/auth/${path}`, { email, password }, headers);
      deepSame([answer.status, answer.lines, reasonOf(answer)], [403, [], "cross_origin"], `${path} ${JSON.stringify(headers)}`);
    }
  }
  const old = { ...OLD_PAGE, "Sec-Fetch-Mode": undefined, "Sec-Fetch-Dest": undefined, "Sec-Fetch-Site": undefined, Origin: t.url };
  same((await t.browser.submit("/auth/password", { email, password }, old)).status, 303, "a browser without Fetch Metadata");
}

/** Redirects stay on the origin. */
async function pages(t) {
  const { email, password } = await withPassword(t);
  for (const return_to of ["//evil.example", "https://evil.example", "/\\evil.example", "/%2Fevil.example", "javascript:alert(1)", "/..//evil.example", " /", "/\t/evil.example", "/%0d%0aSet-Cookie:a=b"]) {
    const answer = await t.browser.submit("/auth/password", { email, password, return_to });
    same(answer.header("location"), "/home", return_to);
    const other = t.address();
    await t.browser.submit("/auth/magic-link", { email: other, return_to });
    same((await t.browser.open(await linkTo(t, other))).header("location"), "/home", return_to);
    const begun = await t.browser.open(`/auth/oauth/google?${new URLSearchParams({ return_to })}`, LINK);
    same((await t.browser.open(await atProvider(begun, t.address()))).header("location"), "/home", return_to);
  }
}

/** A user who returns to the start of another log-in sees a button: the account may be that of an attacker. */
async function otherStarts(t) {
  const { email, password } = await withPassword(t);
  for (const [return_to, expected] of [
    ["/b2b/sso/saml-connection-test-1", "/b2b/sso/saml-connection-test-1?click=1"],
    ["/auth/oauth/google?a=b#c", "/auth/oauth/google?a=b&click=1#c"],
    ["/%61uth/oauth/google", "/%61uth/oauth/google?click=1"],
    ["/settings/sso", "/settings/sso"],
  ]) {
    same((await t.browser.submit("/auth/password", { email, password, return_to })).header("location"), expected);
  }
  const page = await t.browser.open("/b2b/sso/saml-connection-test-1?click=1", LINK);
  deepSame([page.status, page.lines], [200, []]);
  const begun = await t.browser.open(`/auth/oauth/google?${new URLSearchParams({ return_to: "/b2b/sso/a" })}`, LINK);
  same((await t.browser.open(await atProvider(begun, t.address()))).header("location"), "/b2b/sso/a?click=1");
  same((await t.browser.submit("/b2b/sso/a?click=1")).status, 303, "after the click");
}

/** Two tabs log in at the same time. Both return to the page of the last start. */
async function tabs(t) {
  const emails = [t.address(), t.address()];
  await t.browser.submit("/auth/magic-link", { email: emails[0], return_to: "/first" });
  await t.browser.submit("/auth/magic-link", { email: emails[1], return_to: "/account" });
  for (const email of emails) {
    same((await t.browser.open(await linkTo(t, email))).header("location"), "/account");
    same((await t.browser.open("/account")).status, 200);
  }
  deepSame(t.browser.names, ["stytch_session", "stytch_session_jwt"]);
}

/** `Host` does not choose where an email leads. */
async function hosts(t) {
  const email = t.address();
  for (const headers of [{ Host: "evil.example", Origin: "http://evil.example" }, { "X-Forwarded-Host": "evil.example" }]) {
    const answer = await t.browser.submit("/auth/magic-link", { email }, headers);
    // SvelteKit refuses the `Origin` of another host, if the app has an origin of its own.
    if (headers.Host && answer.status === 403 && reasonOf(answer) === "cross_origin") continue;
    same(answer.status, 303);
    ok((await linkTo(t, email)).startsWith(`${t.url}/auth/callback?`), JSON.stringify(headers));
  }
}

/** Forms are limited in size and kind. */
async function bodies(t) {
  const json = { "Content-Type": "application/json" };
  for (const [status, fields, headers] of [
    [413, { email: "a".repeat(20_000) }, {}],
    [413, { email: "a".repeat(20_000) }, { "Transfer-Encoding": "chunked" }],
    [415, { email: "a" }, { "Content-Type": "text/plain" }],
    [400, { email: "not JSON" }, json],
  ]) {
    const answer = await t.browser.submit("/auth/magic-link", fields, headers);
    deepSame([answer.status, answer.json.reason, answer.lines], [status, "form_not_accepted", []]);
  }
  const empty = await t.browser.submit(`/auth/magic-link?email=${t.address()}`, {}, { "Content-Type": undefined });
  same(empty.header("location"), "/login?reason=email_not_accepted");
  const nested = await t.browser.script("/auth/magic-link", { email: { $ne: "" }, __proto__: null });
  deepSame([nested.status, nested.json.reason], [403, "email_not_accepted"]);
}

/** Other paths are those of the app. */
async function paths(t) {
  for (const path of ["/auth", "/auth/", "/auth/other", "/auth/oauth", "/auth/oauth/github", "/auth/sso", "/auth/sso/a", "/auth/organization", "/auth/mfa/totp", "/auth/callback/", "/authcallback", "/b2b/mfa/sms", "//auth/callback"]) {
    isOfApp(await t.browser.submit(path), path);
  }
  for (const [path, allow] of [["magic-link", "POST"], ["log-out", "POST"], ["password", "POST"]]) {
    for (const method of ["GET", "HEAD", "PUT"]) {
      const answer = await t.browser.open(`/auth/${path}`, {}, method);
      deepSame([answer.status, answer.header("allow"), answer.header("cache-control")], [405, allow, "no-store"], `${method} ${path}`);
    }
  }
}

/** The page with a button. */
async function confirmed(t) {
  const email = t.address();
  await t.browser.submit("/confirm/magic-link", { email, return_to: "/account" });
  same((await t.browser.open(await linkTo(t, email))).header("location"), "/confirm/callback");
  const page = await t.browser.open("/confirm/callback");
  same(page.status, 200);
  ok(page.body.includes('<form method="post">') && !page.body.includes("token"), page.body);
  matches(page.header("content-security-policy"), /frame-ancestors 'none'/);
  same((await t.browser.submit("/confirm/callback", {}, { "Sec-Fetch-Site": "cross-site" })).status, 403);
  same((await t.browser.submit("/confirm/callback")).header("location"), "/account");
  same((await t.browser.open("/account")).status, 200);
}

/** In an outage nothing is used up. */
async function outages(t) {
  const { email, password } = await withPassword(t);
  await t.browser.submit("/auth/magic-link", { email, return_to: "/account" });
  const link = await linkTo(t, email);
  for (const answer of [
    await t.browser.open(link.replace("/auth/", "/down/")),
    await t.browser.submit("/down/magic-link", { email }),
    await t.browser.submit("/down/password/forgot", { email }),
    await t.browser.submit("/down/password", { email, password }),
  ]) {
    deepSame([answer.status, answer.json.status, answer.header("location"), answer.lines], [503, "unavailable", null, []]);
    matches(answer.header("retry-after"), /^\d+$/);
  }
  same((await t.browser.open(link)).header("location"), "/account");
}

/** A log-out ends the session, and the back button shows nothing: pages with a session are not stored. */
async function logOuts(t) {
  const { email, password } = await withPassword(t);
  await t.browser.submit("/auth/password", { email, password });
  const page = await t.browser.open("/account");
  isNotStored(page);
  same((await t.browser.open("/auth/log-out")).status, 405);
  same((await t.browser.submit("/auth/log-out", {}, { "Sec-Fetch-Site": "cross-site" })).status, 403);
  same((await t.browser.open("/account")).status, 200);
  deepSame(summary(await t.browser.submit("/auth/log-out")), [303, "/goodbye", "no-store", "no-referrer"]);
  deepSame(t.browser.names, []);
  same((await t.browser.open("/account")).header("location"), "/login?return_to=%2Faccount");
}

/** A member discovers organizations, and selects one. */
async function members(t) {
  const email_address = `ada.${randomUUID()}@example.com`;
  const organization_id = await organization(t);
  const { member_id } = await member(t, organization_id, email_address);
  for (const start of [
    async () => {
      await t.browser.submit("/b2b/magic-link", { email: email_address, return_to: "/member" });
      return linkTo(t, email_address);
    },
    async () => atProvider(await t.browser.open("/b2b/oauth/google?return_to=/member", LINK), email_address),
  ]) {
    const found = await t.browser.open(await start());
    same(found.header("location"), "/login?step=needs_organization");
    const wrong = await t.browser.submit("/b2b/organization", { organization_id: "organization-test-11111111-1111-4111-8111-111111111111" });
    same(wrong.header("location"), "/login?step=needs_organization&reason=organization_not_accepted");
    same((await t.browser.submit("/b2b/organization", { organization_id }, { "Sec-Fetch-Site": "cross-site" })).status, 403);
    same((await t.browser.submit("/b2b/organization", { organization_id })).header("location"), "/member");
    same((await t.browser.open("/member")).body, `Hello ${member_id}`);
    same((await t.browser.submit("/b2b/log-out")).header("location"), "/goodbye");
  }
  const lost = await t.browser.submit("/b2b/organization", { organization_id });
  same(lost.header("location"), "/login?reason=flow_not_started_here");
}

/** Single sign-on, with the connection of the path. */
async function singleSignOn(t) {
  const connection_id = await connection(t, await organization(t, { sso_jit_provisioning: "ALL_ALLOWED" }));
  const begun = await t.browser.open(`/b2b/sso/${connection_id}?return_to=/member`, LINK);
  deepSame([begun.status, begun.set], [303, ["__Host-stytch_flow_sso"]]);
  const { origin, pathname, searchParams } = new URL(begun.header("location"));
  deepSame([origin, pathname], [t.emulator.url, "/v1/public/sso/start"]);
  deepSame([searchParams.get("connection_id"), searchParams.get("login_redirect_url")], [connection_id, `${t.url}/b2b/callback`]);
  const back = await atProvider(begun, t.address());
  same((await new Browser(t.url).open(back)).header("location"), "/login?reason=flow_not_started_here");
  deepSame(summary(await t.browser.open(back)), [303, "/member", "no-store", "no-referrer"]);
  matches((await t.browser.open("/member")).body, /^Hello member-test-/);
  for (const path of ["/b2b/sso/", "/b2b/sso/a%2Fb", "/b2b/sso/{connection_id}"]) isOfApp(await t.browser.open(path, LINK), path);
}

/** A member of a known organization logs in with a link and an authenticator app. */
async function factors(t) {
  const email_address = `ada.${randomUUID()}@example.com`;
  const organization_id = await organization(t, { mfa_policy: "REQUIRED_FOR_ALL" });
  const { member_id } = await member(t, organization_id, email_address);
  const { secret } = await call(t.emulator, "b2b", "totp", { organization_id, member_id });
  await t.browser.submit("/b2b/magic-link", { email: email_address, organization_id, return_to: "/member" });
  same((await t.browser.open(await linkTo(t, email_address))).header("location"), "/login?step=needs_mfa");
  const code = codeOf(secret);
  const wrong = await t.browser.submit("/b2b/mfa/totp", { code: code === "000000" ? "000001" : "000000" });
  same(wrong.header("location"), "/login?step=needs_mfa&reason=code_not_accepted");
  same((await t.browser.submit("/b2b/mfa/totp", { code }, { "Sec-Fetch-Site": "cross-site" })).status, 403);
  same((await t.browser.submit("/b2b/mfa/totp", { code })).header("location"), "/member");
  same((await t.browser.open("/member")).body, `Hello ${member_id}`);
  same((await new Browser(t.url).submit("/b2b/mfa/totp", { code })).header("location"), "/login?reason=flow_not_started_here");
}

/** Fails unless a member logs in at the server of `url` with a link and a code by SMS, which the API sends. */
export async function checkCodes({ guard: { emulator } }, url) {
  const t = { emulator, browser: new Browser(url) };
  const [email_address, mfa_phone_number] = [`ada.${randomUUID()}@example.com`, "+12025550162"];
  const organization_id = await organization(t, { mfa_policy: "REQUIRED_FOR_ALL" });
  const { member_id } = await member(t, organization_id, email_address);
  const whose = { organization_id, member_id };
  const opened = async () => {
    await t.browser.submit("/b2b/magic-link", { email: email_address, organization_id, return_to: "/member" });
    return t.browser.open(await linkTo(t, email_address));
  };
  const codeOfPhone = async () => (await emulator.messageTo(mfa_phone_number)).code;
  // The member adds the phone number, with the intermediate session of the cookie. The next log-in sends a code to it.
  const [line] = (await opened()).lines.filter((line) => line.startsWith("__Host-stytch_intermediate_session="));
  const intermediate_session_token = line.split(";", 1)[0].split(":")[3];
  await call(emulator, "b2b", "otps/sms/send", { ...whose, mfa_phone_number, intermediate_session_token });
  same((await t.browser.submit("/b2b/mfa/sms", { code: await codeOfPhone() })).header("location"), "/member");
  same((await t.browser.submit("/b2b/log-out")).status, 303);
  same((await opened()).header("location"), "/login?step=needs_mfa");
  const code = await codeOfPhone();
  const wrong = await t.browser.submit("/b2b/mfa/sms", { code: code === "000000" ? "000001" : "000000" });
  same(wrong.header("location"), "/login?step=needs_mfa&reason=code_not_accepted");
  same((await t.browser.submit("/b2b/mfa/sms", { code })).header("location"), "/member");
  same((await t.browser.open("/member")).body, `Hello ${member_id}`);
  same((await t.browser.submit("/b2b/mfa/sms", { code })).header("location"), "/login?reason=flow_not_started_here");
  same((await t.browser.submit("/b2b/mfa/totp", { code })).body, `Hello ${member_id}`, "a factor that is not in the options is a page of the app");
}

/** In the order of the run. */
export const CHECKS = [magicLinks, hints, scripts, oauth, links, passwords, otherSites, pages, otherStarts, tabs, hosts, bodies, paths, confirmed, outages, logOuts, members, singleSignOn, factors];

/** Fails unless the response is a page that the back button does not display after a log-out. */
function isNotStored({ status, header }) {
  same(status, 200);
  matches(header("cache-control"), /(^|, )no-store(,|$)/);
}

/** Fails unless the routes do not have the path. Next redirects to the path without additional slashes. */
function isOfApp({ status }, path) {
  ok(status === 404 || (status === 308 && /\/\/|.\/$/.test(path)), `${path}: ${status}`);
}

/** The reason of a refusal. A framework may refuse forms of other origins itself: Astro and SvelteKit do, with this text. */
function reasonOf({ body }) {
  if (body === "Cross-site POST form submissions are forbidden") return "cross_origin";
  return body.startsWith("{") ? JSON.parse(body).reason : body;
}

/** The headers of a link on a page of the same origin. */
const LINK = { "Sec-Fetch-Site": "same-origin" };

const summary = ({ status, header }) => [status, header("location"), header("cache-control"), header("referrer-policy")];

/** The link in the newest email to an address. */
const linkTo = async ({ emulator }, address) => (await emulator.messageTo(address)).url;

/** Logs in at the page of a provider, and returns the URL of the app to which it redirects. */
async function atProvider({ status, header }, email_address) {
  same(status, 303);
  const { url } = await submitPage(await openPage(header("location")), { email_address, email: email_address, name: "Ada" });
  return String(url);
}

/** A new user with a password. */
async function withPassword(t) {
  const [email, password] = [t.address(), "violet-harbour-lantern-41"];
  await call(t.emulator, "consumer", "passwords", { email, password });
  return { email, password };
}

async function organization(t, settings) {
  const { organization } = await call(t.emulator, "b2b", "organizations", { organization_name: "Acme", ...settings });
  return organization.organization_id;
}

/** A new member with a verified email address. */
async function member(t, organization_id, email_address) {
  const { member } = await call(t.emulator, "b2b", `organizations/${organization_id}/members`, { email_address });
  return member;
}

/** A new connection to a provider of the emulator, by OpenID Connect. Returns its id. */
async function connection({ emulator }, organization_id) {
  const path = `sso/oidc/${organization_id}`;
  const { connection_id } = (await call(emulator, "b2b", path, { identity_provider: "generic" })).connection;
  const settings = { issuer: `${emulator.url}/_emulator/idp/2`, client_id: "acme", client_secret: "client secret" };
  same((await call(emulator, "b2b", `${path}/connections/${connection_id}`, settings, "PUT")).connection.status, "active");
  return connection_id;
}
