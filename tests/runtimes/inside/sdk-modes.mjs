// Sessions of the application's server on pages with Stytch's SDKs for browsers: `cookies: { mode: "browser_sdk" }`, in which the
// server and the SDK share a session, and `"server"`, in which they do not.

import { deepSame, failure, ok, same } from "../../conformance/assert.js";
import { expiry, logIn, me, open, SEED, state, visit, watched, withApp } from "./sdk-page.mjs";

/** The page of each SDK. */
const SDKS = { "@stytch/vanilla-js": "", "@stytch/nextjs": "react" };
const SHARED = { mode: "browser_sdk" };
const SERVER = { mode: "server" };
const ADA = "user-test-ada";

/** The tests of both modes, by their names. */
export const modes = Object.fromEntries(Object.entries(SDKS).flatMap(([sdk, path]) => [
  [`browser_sdk, ${sdk}: finds a session of the server, refreshes it, and keeps it on the next page`, () => shared(path, findsTheSession)],
  [`browser_sdk, ${sdk}: the server refreshes an expired JWT, and the SDK keeps the session`, () => shared(path, serverRefreshes)],
  [`browser_sdk, ${sdk}: a log-out on the server ends the session of the SDK, in every tab`, () => shared(path, serverLogsOut)],
  [`browser_sdk, ${sdk}: a log-out by the SDK ends the session of the server`, () => shared(path, sdkLogsOut)],
  [`server, ${sdk}: scripts find no session, and the server keeps its own`, () => apart(path, hiddenFromScripts)],
  [`server, ${sdk}: a log-in by the SDK is a session of its own, which the server reports and does not read`, () => apart(path, sdkLogsIn)],
  [`browser_sdk, ${sdk}: the server reads a log-in by the SDK, and refreshes it for both`, () => shared(path, (test) => sdkSession(test, true))],
  [`without a mode, ${sdk}: a refresh by the server takes the session of the SDK away`, () => withApp(SEED, (test) => sdkSession({ ...test, path }, false))],
  [`without a mode, ${sdk}: the SDK has no session, and its own log-in ends with the page`, () => unnamed(path)],
]));

const shared = (path, body) => withApp(SEED, (test) => body({ ...test, path }), SHARED);
const apart = (path, body) => withApp(SEED, (test) => body({ ...test, path }), SERVER);

async function findsTheSession({ app, control, mail, path }) {
  for (const begin of [byRoutes, byHeaders]) {
    // Later, the SDK gets another JWT, which is not from the future by the real time, by which the server checks tokens.
    await control("clock", { advance_seconds: -60 });
    const page = await open(app);
    await begin(page, app, mail, path);
    const first = await found(page, path);
    const seen = await me(page);
    deepSame([seen.status, seen.session_id, seen.via], ["authenticated", first.session.session_id, "local"], begin.name);
    deepSame([first.session.user_id, first.user.user_id], [ADA, ADA]);
    deepSame(first.cookies, { stytch_session: first.tokens.session_token, stytch_session_jwt: first.tokens.session_jwt });

    await control("clock", { advance_seconds: 60 });
    await page.evaluate(() => stytch.session.authenticate({ session_duration_minutes: 120 }));
    const second = await state(page);
    same(second.session.session_id, first.session.session_id);
    ok(expiry(second) > expiry(first), "the SDK has a new JWT");
    const again = await me(page);
    deepSame([again.session_id, again.via], [first.session.session_id, "local"], "the server accepts it");
    await visit(page, app.url + path);
    same((await found(page, path)).session.session_id, first.session.session_id);
    await onlyTwo(page);
  }
}

async function serverRefreshes({ app, control, mail, path }) {
  // The first JWTs expire a minute before the real time, by which the server checks tokens.
  await control("clock", { advance_seconds: -360 });
  const page = await open(app);
  await byRoutes(page, app, mail, path);
  const before = await found(page, path);
  await control("clock", { advance_seconds: 360 });
  const seen = await me(page);
  deepSame([seen.status, seen.via, seen.session_id], ["authenticated", "remote", before.session.session_id]);
  const after = await state(page);
  ok(expiry(after) - expiry(before) >= 300, "the SDK reads the new JWT of the server");
  deepSame([after.session.session_id, after.user.user_id], [before.session.session_id, ADA]);
  await found(page, path);
  same((await me(page)).via, "local", "the browser has the new JWT");
  await page.evaluate(() => stytch.session.authenticate());
  same((await state(page)).session.session_id, before.session.session_id);
  await visit(page, app.url + path);
  same((await found(page, path)).session.session_id, before.session.session_id);
  await onlyTwo(page);
}

async function serverLogsOut({ app, mail, path }) {
  const page = await open(app);
  await byRoutes(page, app, mail, path);
  const { tokens } = await found(page, path);
  const other = await watched(page.context());
  await visit(other, app.url + path);
  await found(other, path);
  await page.evaluate(() => fetch("/auth/log-out", { method: "POST" }));
  deepSame((await state(page)).cookies, {});
  deepSame((await state(page)).tokens, null);
  same((await me(page)).reason, "no_credentials");
  const refused = await failure(() => app.client.sessions.authenticate({ session_token: tokens.session_token }));
  same(refused.error_type, "session_not_found");
  // The SDK of an open page learns it by its next request, and that of a new page at once.
  await other.evaluate(() => stytch.session.authenticate().catch(() => {}));
  await lost(other, path);
  await visit(page, app.url + path);
  await lost(page, path);
}

async function sdkLogsOut({ app, mail, path }) {
  const page = await open(app);
  await byRoutes(page, app, mail, path);
  const { tokens } = await found(page, path);
  await page.evaluate(() => stytch.session.revoke());
  await lost(page, path);
  same((await me(page)).reason, "no_credentials");
  const refused = await failure(() => app.client.sessions.authenticate({ session_token: tokens.session_token }));
  same(refused.error_type, "session_not_found");
}

/** `keeps`: whether the SDK keeps its session when the server has refreshed it. */
async function sdkSession({ app, control, mail, path }, keeps) {
  await control("clock", { advance_seconds: -360 });
  const page = await open(app);
  await logIn(page, app, mail);
  await visit(page, app.url + path);
  const { session } = await found(page, path);
  await control("clock", { advance_seconds: 360 });
  const seen = await me(page);
  deepSame([seen.session_id, seen.via], [session.session_id, "remote"]);
  await visit(page, app.url + path);
  if (keeps) same((await found(page, path)).session.session_id, session.session_id);
  else await lost(page, path);
  same((await me(page)).session_id, session.session_id, "the session of the server remains");
}

async function hiddenFromScripts({ app, mail, path }) {
  const page = await open(app);
  await byRoutes(page, app, mail, path);
  await lost(page, path);
  const seen = await me(page);
  deepSame([seen.status, seen.user_id], ["authenticated", ADA]);
  const cookies = await page.context().cookies();
  deepSame(cookies.map(({ name, httpOnly }) => [name, httpOnly]).sort(), [["__Host-stytch_server_session", true], ["__Host-stytch_server_session_jwt", true]]);
  ok(await page.evaluate(() => stytch.session.authenticate().then(() => false, () => true)), "the SDK has nothing to authenticate");
  same((await me(page)).session_id, seen.session_id, "the SDK has not ended it");
  await visit(page, app.url + path);
  await lost(page, path);
  same((await me(page)).session_id, seen.session_id);
  deepSame(app.events, []);
}

async function sdkLogsIn({ app, mail, path }) {
  const page = await open(app);
  await byRoutes(page, app, mail, path);
  const server = await me(page);
  deepSame(app.events, []);
  await logIn(page, app, mail);
  await visit(page, app.url + path);
  const sdk = await found(page, path);
  ok(sdk.session.session_id !== server.session_id);
  same((await me(page)).session_id, server.session_id, "the server reads its own cookies");
  deepSame(app.events, ["other_cookie_mode"]);
  await page.evaluate(() => stytch.session.revoke());
  same((await me(page)).session_id, server.session_id, "the log-out of the SDK is not that of the server");
  await logIn(page, app, mail);
  await page.evaluate(() => fetch("/auth/log-out", { method: "POST" }));
  same((await me(page)).reason, "no_credentials");
  await visit(page, app.url + path);
  same((await found(page, path)).session.user_id, ADA, "the log-out of the server is not that of the SDK");
}

async function unnamed(path) {
  await withApp(SEED, async ({ app, mail }) => {
    const page = await open(app);
    await byRoutes(page, app, mail, path);
    await lost(page, path);
    const { session_id, user_id } = await me(page);
    same(user_id, ADA, "the SDK has not ended the session of the server");
    // The browser does not let a script replace an HttpOnly cookie.
    await logIn(page, app, mail);
    const inMemory = await state(page);
    deepSame([inMemory.session.user_id, inMemory.tokens, inMemory.cookies], [ADA, null, {}]);
    ok(inMemory.session.session_id !== session_id);
    await visit(page, app.url + path);
    await lost(page, path);
    same((await me(page)).session_id, session_id);
  });
}

/** Logs in by the log-in routes, and returns to the page of the SDK. */
async function byRoutes(page, app, mail, path) {
  const send = (to) => fetch("/auth/magic-link", { method: "POST", body: new URLSearchParams({ email: "ada@example.com", return_to: to }) });
  await page.evaluate(`(${send})("/${path}")`);
  await visit(page, (await mail()).url);
  same(page.url(), app.url + path);
}

/** Logs in by a route that calls `sessionHeaders`. */
async function byHeaders(page, app, mail, path) {
  const url = `${app.url}with-headers?to=/${path}`;
  await app.client.magicLinks.email.loginOrCreate({ email: "ada@example.com", login_magic_link_url: url, signup_magic_link_url: url });
  await visit(page, (await mail()).url);
  same(page.url(), app.url + path);
}

/** The state of the SDK, when it has a session and shows it. */
async function found(page, path) {
  await page.waitForFunction(() => stytch.session.getSync() && !stytch.session.getInfo().fromCache);
  const its = await state(page);
  await page.waitForFunction(([path, id]) => !path || JSON.parse(document.querySelector("output").textContent).session_id === id, [path, its.session.session_id]);
  return its;
}

/** Fails unless the SDK has no session, and shows none. */
async function lost(page, path) {
  await page.waitForFunction(() => !stytch.session.getSync());
  const { session, user, tokens, cookies } = await state(page);
  deepSame([session, user, tokens, cookies], [null, null, null, {}]);
  await page.waitForFunction((path) => !path || document.querySelector("output").textContent === '{"isInitialized":true}', path);
}

/** Fails unless the browser has each cookie of the session once, and scripts can read it. */
async function onlyTwo(page) {
  const cookies = (await page.context().cookies()).filter(({ name }) => name.startsWith("stytch_session"));
  deepSame(cookies.map(({ name, httpOnly, path, sameSite }) => [name, httpOnly, path, sameSite]).sort(), [
    ["stytch_session", false, "/", "Lax"],
    ["stytch_session_jwt", false, "/", "Lax"],
  ]);
}
