// What only SvelteKit has: the data of pages, form actions and remote functions, which scripts request; requests of pages to the own
// app; and pages that were rendered at build time. The server is the program `adapter`, whose API is this emulator alone.

import { deepSame, matches, same } from "../../conformance/assert.js";
import { callsDuring, expiredSession, loadKeys, opened, REFRESH } from "../expired-sessions.mjs";
import { SCRIPT } from "../requests.mjs";
import { inScriptedPage } from "../scripted-page.mjs";

const DATA = "__data.json?x-sveltekit-invalidated=01";
const COOKIES = ["stytch_session", "stytch_session_jwt"];

/** Fails unless every kind of request refreshes an expired session once. The page `/account` sends two requests to the own app. */
export async function checkRefreshes({ guard }, url) {
  await loadKeys(guard, url, ["/account"]);
  for (const [path, status, body] of [
    ["/account", 200, /Hello (user-test-[^ ]+) true/],
    [`/account/${DATA}`, 200, /"type":"data".*user-test-.*true/],
    ["/twice", 200, /Hello user-test-/],
    ["/public", 200, /Hello user-test-/],
    ["/stream", 200, /Hello user-test-/],
    ["/redirect", 307, /^/],
    [`/redirect/${DATA}`, 200, /"type":"redirect"/],
    ["/thrown", 303, /^/],
    ["/error", 500, /500/],
    ["/api/me", 200, /user-test-/],
  ]) {
    const { cookie } = await expiredSession(guard);
    let answer;
    deepSame(await callsDuring(guard, async () => (answer = await opened(`${url}${path}`, cookie))), [REFRESH], path);
    deepSame([answer.status, answer.names], [status, COOKIES], path);
    matches(answer.body, body, path);
    matches(answer.headers.get("cache-control"), /no-store/, path);
    // Each cookie is set once, as the client sets it.
    const attributes = answer.lines.map((line) => line.replace(/^[^;]+/, "").replace(/\d+/, "N"));
    deepSame(attributes, [ATTRIBUTES, ATTRIBUTES], path);
  }
}

/** Fails unless requests of SvelteKit's scripts get responses that these scripts read, with the cookies. */
export async function checkScripts({ guard }, url) {
  const dead = `stytch_session_jwt=${await guard.expired()}`;
  const action = { ...SCRIPT, Accept: "application/json", "X-SvelteKit-Action": "true", Origin: url, "Content-Type": "application/x-www-form-urlencoded" };
  const from = (page) => ({ Referer: `${url}${page}` });
  for (const [what, path, headers, init, location] of [
    ["the data of a page", `/account/${DATA}&tab=1`, SCRIPT, {}, "/login?return_to=%2Faccount%3Ftab%3D1"],
    ["an action", "/actions?/dark", action, POST, "/login?return_to=%2Factions"],
    ["an action of another page", "/actions?/dark", { ...action, ...from("/public?tab=1") }, POST, "/login?return_to=%2Fpublic%3Ftab%3D1"],
    ["a redirect of the app", `/refused/${DATA}`, SCRIPT, {}, `${url}/start`],
  ]) {
    const answer = await opened(`${url}${path}`, dead, headers, init);
    const { type, location: to } = JSON.parse(answer.body);
    deepSame([answer.status, type, to, answer.headers.get("location")], [200, "redirect", location, null], what);
    matches(answer.headers.get("cache-control"), /no-store/, what);
    deepSame(answer.lines.map((line) => line.split(";", 1)[0]).sort(), ["stytch_session=", "stytch_session_jwt="], what);
  }
  const good = await loadKeys(guard, url, []);
  for (const [path, headers, init, status, reason] of [
    [`/admin/${DATA}`, SCRIPT, {}, 403, "claim_mismatch"],
    [`/outage/${DATA}`, SCRIPT, {}, 503, undefined],
    ["/admin", action, POST, 403, "claim_mismatch"],
    ["/login", action, POST, 401, "no_credentials"],
    [`/account/${DATA}`, { ...SCRIPT, Authorization: "Bearer garbage" }, {}, 401, "malformed"],
  ]) {
    const answer = await opened(`${url}${path}`, status === 401 ? "a=b" : good, headers, init);
    const { type, status: own, message, reason: found, error } = JSON.parse(answer.body);
    deepSame([answer.status, type, own, error.status, error.message, answer.headers.get("cache-control")], [status, "error", status, status, message, "no-store"], path);
    if (reason) same(found, reason, path);
  }
}

/** Fails unless links, form actions and remote functions work in Chromium. */
export async function checkScriptsInBrowser(harness, url) {
  await inScriptedPage(harness, url, async (t) => {
    // Without a session, a link leads to the log-in page.
    await t.leadsToLogIn("Account", "/account?tab=1");
    await t.open("/start");
    await t.page.click("text=Refused");
    await t.page.waitForURL(`${url}/start`);

    // With an expired session, the next page, an action and remote functions each refresh it once.
    const session = await harness.guard.logIn();
    const { user_id } = session;
    await t.logIn(session);
    await t.refreshesOnce([
      ["/start", () => t.page.click("text=Account").then(() => t.main(`Hello ${user_id} true`))],
      ["/actions", () => t.click("Dark").then(() => t.shows(`${user_id}, dark, by ${user_id}`))],
      ["/actions", () => t.click("Query").then(() => t.shows(`query of ${user_id}`))],
      ["/actions", () => t.click("Command").then(() => t.shows(`command of ${user_id}`))],
    ]);
    await t.open("/actions");
    await t.page.click("text=Admin");
    await t.main("403: the user does not meet the requirements");

    // The session ends while a page is open.
    for (const [name, seen] of [
      ["Dark", () => t.main("Log in, then /actions")],
      ["Query", () => t.main("Log in, then /actions")],
      // SvelteKit does not follow redirects of commands. The caller gets the error.
      ["Command", () => t.shows("401: the user is not logged in")],
    ]) {
      await t.logIn(session);
      await t.clickWithoutSession(name);
      await seen();
    }
  });
}

/** Fails unless a page was rendered at build time, without a session. */
export async function checkPrerendered(url) {
  const { status, body } = await opened(`${url}/about`, "");
  same(status, 200);
  matches(body, /<main>about<\/main>/);
}

const ATTRIBUTES = "; Path=/; Max-Age=N; HttpOnly; Secure; SameSite=Lax";
const POST = { method: "POST", body: "a=b" };
