// What only React Router has: the data of pages, which scripts request below their paths, and guards of nested routes. The server is
// the program `adapter`, whose API is this emulator alone.

import { deepSame, matches, same } from "../../conformance/assert.js";
import { callsDuring, expiredSession, loadKeys, opened, REFRESH } from "../expired-sessions.mjs";
import { SCRIPT } from "../requests.mjs";
import { inScriptedPage } from "../scripted-page.mjs";

const COOKIES = ["stytch_session", "stytch_session_jwt"];

/** Fails unless every kind of request refreshes an expired session once, although each page has several loaders or guards. */
export async function checkRefreshes({ guard }, url) {
  await loadKeys(guard, url, ["/account"]);
  for (const [path, status, body] of [
    ["/account", 200, /Hello user-test-[^ ]+ true/],
    ["/account.data", 200, /user-test-/],
    ["/account.data?_routes=routes%2Faccount", 200, /user-test-/],
    ["/twice", 200, /Hello user-test-/],
    ["/twice.data", 200, /user-test-/],
    ["/static.data?_routes=guarded", 200, /user-test-/],
    ["/stream", 200, /Hello user-test-/],
    ["/redirect", 302, /^/],
    ["/redirect.data", 202, /elsewhere/],
    ["/error", 500, /broken/],
    ["/error.data", 500, /^/],
    ["/missing", 404, /missing/],
    ["/missing.data", 404, /missing/],
  ]) {
    const { cookie } = await expiredSession(guard);
    let answer;
    deepSame(await callsDuring(guard, async () => (answer = await opened(`${url}${path}`, cookie))), [REFRESH], path);
    deepSame([answer.status, answer.names, answer.lines.length], [status, COOKIES, 2], path);
    matches(answer.body, body, path);
    matches(answer.headers.get("cache-control"), /no-store/, path);
  }
}

/** Fails unless requests of React Router's scripts get responses that these scripts read, with the cookies. */
export async function checkScripts({ guard }, url) {
  const dead = `stytch_session_jwt=${await guard.expired()}`;
  const form = { ...SCRIPT, Origin: url, "Content-Type": "application/x-www-form-urlencoded" };
  for (const [what, path, headers, init, location] of [
    ["the data of a page", "/account.data?tab=1", SCRIPT, {}, "/login?return_to=%2Faccount%3Ftab%3D1"],
    ["the data of some routes of a page", "/account.data?_routes=guarded", SCRIPT, {}, "/login?return_to=%2Faccount"],
    ["a form", "/actions.data", form, POST, "/login?return_to=%2Factions"],
    ["a form of another page", "/actions.data", { ...form, Referer: `${url}/public?tab=1` }, POST, "/login?return_to=%2Fpublic%3Ftab%3D1"],
    ["a redirect of the app", "/refused.data", SCRIPT, {}, `${url}/start`],
  ]) {
    const answer = await opened(`${url}${path}`, dead, headers, init);
    deepSame([answer.status, answer.headers.get("location"), answer.headers.get("x-remix-response")], [202, null, "yes"], what);
    deepSame(JSON.parse(answer.body).includes(location), true, `${what}: ${answer.body}`);
    matches(answer.headers.get("cache-control"), /no-store/, what);
    deepSame(answer.lines.map((line) => line.split(";", 1)[0]).sort(), ["stytch_session=", "stytch_session_jwt="], what);
  }
  const good = await loadKeys(guard, url, []);
  for (const [path, headers, init, status] of [
    ["/admin.data", SCRIPT, {}, 403],
    ["/outage.data", SCRIPT, {}, 503],
    ["/admin.data", form, POST, 403],
    ["/account.data", { ...SCRIPT, Authorization: "Bearer garbage" }, {}, 401],
  ]) {
    const answer = await opened(`${url}${path}`, status === 401 ? "a=b" : good, headers, init);
    deepSame([answer.status, answer.headers.get("cache-control")], [status, "no-store"], path);
  }
}

/** Fails unless links and forms work in Chromium. */
export async function checkScriptsInBrowser(harness, url) {
  await inScriptedPage(harness, url, async (t) => {
    // Without a session, a link leads to the log-in page.
    await t.leadsToLogIn("Account", "/account?tab=1");
    await t.leadsToLogIn("Static", "/static");

    // With an expired session, a page and a form each refresh it once.
    const session = await harness.guard.logIn();
    const { user_id } = session;
    await t.logIn(session);
    await t.refreshesOnce([
      ["/start", () => t.page.click("text=Account").then(() => t.main(`Hello ${user_id} true`))],
      ["/start", () => t.page.click("text=Static").then(() => t.main("static"))],
      ["/actions", () => t.click("Form").then(() => t.shows(`${user_id}, form by ${user_id}, `))],
      ["/actions", () => t.click("Fetcher").then(() => t.shows(`fetcher by ${user_id}`))],
    ]);
    await t.open("/actions");
    await t.page.click("text=Admin");
    await t.main(/^403: .*claim_mismatch/);

    // The session ends while a page is open.
    for (const name of ["Form", "Fetcher"]) {
      await t.logIn(session);
      await t.clickWithoutSession(name);
      await t.main("Log in, then /actions");
    }
  });
}

/** Fails unless a page was rendered at build time, without a session. */
export async function checkPrerendered({ guard }, url) {
  const cookie = await loadKeys(guard, url, []);
  const { status, body, headers } = await opened(`${url}/about/`, cookie);
  deepSame([status, headers.get("set-cookie")], [200, null]);
  matches(body, /<main>about<\/main>/);
}

const POST = { method: "POST", body: "name=x" };
