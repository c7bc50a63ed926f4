// What only Next.js has: one refresh for a page and its render, server actions, navigations by scripts, and pages that were
// rendered at build time. The server is the program `adapter`, whose API is this emulator alone.

import { deepSame, matches, ok, same } from "../../conformance/assert.js";
import { callsDuring, expiredSession, expireIn, loadKeys, opened, REFRESH } from "../expired-sessions.mjs";

/**
 * Fails unless a page load, of whatever kind, refreshes an expired session once. With `cacheComponents`, Next sends the status 200
 * before it has rendered the page.
 */
export async function checkRefreshes({ guard, isStreamed }, url) {
  const loads = [
    ["/account", 200],
    ["/public", 200],
    ["/stream", 200],
    ["/pages/redirect", isStreamed ? 200 : 307],
    ["/pages/error", isStreamed ? 200 : 500],
    ["/pages/missing", isStreamed ? 200 : 404],
    ["/redirect", 307],
    ["/error", 500],
    ["/still", 200],
    ["/rewritten", 200],
    ["/account", 200, { RSC: "1" }],
    ["/account", 200, PREFETCH],
  ];
  // The proxy, the pages and the route handlers are separate programs, so each of them loads the key set once.
  // The development server with webpack starts the modules again for each page that it compiles.
  const good = await loadKeys(guard, url, new Set(loads.map(([path]) => path)));
  for (const [path, status, headers] of loads) {
    const what = `${path} ${JSON.stringify(headers ?? {})}`;
    const { cookie, user_id } = await expiredSession(guard);
    // Next redirects a script's request to a URL with the hash of its headers.
    const whole = headers ? new URL((await opened(`${url}${path}`, good, headers)).headers.get("location"), url) : `${url}${path}`;
    let answer;
    const calls = await guard.emulator.callsDuring(async () => (answer = await opened(whole, cookie, headers)));
    deepSame(calls.map((call) => call.split(" ").slice(0, 3).join(" ")), ["POST /v1/sessions/authenticate 200"], what);
    same(answer.status, status, what);
    deepSame(answer.names, ["stytch_session", "stytch_session_jwt"], what);
    if (["/account", "/public", "/stream", "/rewritten"].includes(path) && headers !== PREFETCH) matches(answer.body, new RegExp(`Hello ${user_id}`), what);
    matches(answer.headers.get("cache-control"), /no-store/, what);
    const internal = [...answer.headers].filter(([name, value]) => name.startsWith("x-middleware-request") || (name !== "set-cookie" && value.includes("stytch_session")));
    deepSame(internal, [], `${what}: headers that are not for the browser`);
  }
}

/** Fails unless the routes of the program `routes`, which have no proxy, refresh an expired session and set its cookies. */
export async function checkRoutes({ guard }, url) {
  await loadKeys(guard, url, ["/account"]);
  for (const [path, status, set] of [
    ["/account", 200, ["stytch_session", "stytch_session_jwt"]],
    ["/thrown", 307, ["stytch_session", "stytch_session_jwt"]],
    ["/theme", 200, ["stytch_session_jwt", "theme"]],
  ]) {
    const { cookie } = await expiredSession(guard);
    let answer;
    same((await guard.emulator.callsDuring(async () => (answer = await opened(`${url}${path}`, cookie)))).length, 1, path);
    deepSame([answer.status, answer.names], [status, set], path);
  }
}

/** Fails unless requests with the same expired JWT at the same time are each refreshed once, and all results are valid. */
export async function checkParallel({ guard }, url) {
  await loadKeys(guard, url, ["/account"]);
  const { cookie, user_id } = await expiredSession(guard);
  let answers;
  const calls = await guard.emulator.callsDuring(async () => {
    answers = await Promise.all(Array.from({ length: TABS }, () => opened(`${url}/account`, cookie)));
  });
  ok(calls.length <= TABS, `${calls.length} calls for ${TABS} tabs`);
  for (const answer of answers) {
    matches(answer.body, new RegExp(`Hello ${user_id}`));
    const next = answer.lines.map((line) => line.split(";", 1)[0]).join("; ");
    deepSame(await guard.emulator.callsDuring(async () => same((await opened(`${url}/account`, next)).status, 200)), [], "a refreshed session");
  }
}

/** Fails unless server actions and links work in Chromium. */
export async function checkActions(harness, url) {
  const context = await (await harness.browser()).newContext();
  const { guard } = harness;
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    const shows = (pattern) => page.locator("output", { hasText: pattern }).waitFor();
    const values = async () => Object.fromEntries((await context.cookies()).map(({ name, value }) => [name, value]));
    const during = async (step) => (await callsDuring(guard, step)).join();
    await loadKeys(guard, url, ["/actions"]);
    await page.goto(`${url}/actions`, { waitUntil: "networkidle" });
    await shows("Hello you, no theme");
    const account = { email: `ada.${crypto.randomUUID()}@example.com`, password: `${crypto.randomUUID()} Ada` };
    const fill = async () => {
      for (const [name, value] of Object.entries(account)) await page.fill(`[name=${name}]`, value);
    };
    const click = (name) => page.getByRole("button", { name, exact: true }).click();
    const main = (pattern) => page.locator("main", { hasText: pattern }).waitFor();
    await fill();
    await click("Sign up");
    await shows(/Hello user-test-/);
    const { stytch_session } = await values();

    // The action sets another cookie, and the refreshed ones are kept.
    const age = () => expireIn(context, guard, url);
    let expired = await age();
    same(await during(() => click("Dark").then(() => shows(/user-test-.*, dark/))), REFRESH, "an action");
    const after = await values();
    same(after.stytch_session, stytch_session);
    ok(after.stytch_session_jwt !== expired, "the refreshed JWT reached the browser");

    // A link, which Next fetches.
    expired = await age();
    same(await during(() => page.click("a").then(() => main(/Hello user-test-.* true/))), REFRESH, "a link");
    ok((await values()).stytch_session_jwt !== expired, "the refreshed JWT reached the browser");

    // Cookies that another host of the domain can set. Their decoded values would add a session, and break the header.
    const other = await guard.logIn();
    const [hostile, domain] = [`a; stytch_session_jwt=${other.session_jwt}`, new URL(url).hostname];
    for (const [name, value] of [["hostile", hostile], ["smile", "\u{1f600}"]]) {
      await context.addCookies([{ name, value: encodeURIComponent(value), domain, path: "/" }]);
    }

    // A log-out right after a refresh.
    await page.goto(`${url}/private`, { waitUntil: "networkidle" });
    await age();
    // The tokens of both cookies are revoked, because they may be of two sessions.
    const calls = await during(() => click("Log out here").then(() => shows("Hello you, dark")));
    same(calls, [REFRESH, REVOKE, REVOKE].join(), "a log-out");
    deepSame(Object.keys(await values()).sort(), ["hostile", "smile", "theme"], "the cookies after a log-out");

    // The actions of the guide, which redirect.
    await page.goto(`${url}/actions`, { waitUntil: "networkidle" });
    await fill();
    await click("Log in");
    await main(/Hello user-test-.* true/);
    await page.goto(`${url}/private`, { waitUntil: "networkidle" });
    await click("Log out");
    await main("home");

    // Without a session, an action and a link lead to the log-in page.
    for (const [step, from] of [[() => click("Dark"), "/private"], [() => page.click("a"), "/account"]]) {
      await page.goto(`${url}/actions`, { waitUntil: "networkidle" });
      if (from === "/private") await page.evaluate(() => history.replaceState(null, "", "/private"));
      await step();
      await main(`Log in, then ${from}`);
    }
  } finally {
    await context.close();
  }
}

const PREFETCH = { RSC: "1", "Next-Router-Prefetch": "1", "Next-Router-Segment-Prefetch": "/_tree" };
const REVOKE = "POST /v1/sessions/revoke";
const TABS = 6;
const LIMIT_MS = 30_000;
