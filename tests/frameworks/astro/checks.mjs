// What only Astro has: middleware that runs again for rewrites and error pages, prerendered pages, actions, server islands, and
// navigations by scripts. The server is the program `adapter`, whose API is this emulator alone.

import { deepSame, matches, ok, same } from "../../conformance/assert.js";
import { callsDuring, expireIn, loadKeys, opened, openedOnce, REFRESH } from "../expired-sessions.mjs";
import { asked, OLD_PAGE, PAGE } from "../requests.mjs";

const BOTH = ["stytch_session", "stytch_session_jwt"];

/** Fails unless a request of whatever kind refreshes an expired session once, and its page has the session. */
export async function checkRefreshes({ guard, isDevelopment }, url) {
  const loads = [
    ["/account", 200, /Hello USER/],
    ["/public", 200, /Hello USER/],
    ["/stream", 200, /Hello USER/],
    ["/rewritten", 200, /Hello USER true/],
    ["/next", 200, /Hello USER/],
    ["/redirect", 302, /^/],
    ["/error", 500, isDevelopment ? /^/ : /Broken, USER/],
    ["/missing", 404, /Missing, USER/],
    ["/no-such-page", 404, /Missing, USER/],
    ["/theme", 200, /theme/, [...BOTH, "theme"]],
    // The page clears a cookie, which the refresh must not set again.
    ["/clear", 200, /clear/, ["stytch_session_jwt"]],
  ];
  await loadKeys(guard, url, loads.map(([path]) => path));
  for (const [path, status, pattern, set = BOTH] of loads) {
    const { answer, names } = await openedOnce(guard, url, path, status, pattern);
    // The development server does not merge the response of a route without a page and that of `404.astro`.
    if (path !== "/missing" || !isDevelopment) deepSame(names, path === "/clear" ? BOTH : set, `${path}: each cookie is set once`);
    matches(answer.headers.get("cache-control") ?? "", path === "/missing" && isDevelopment ? /^/ : /no-store/, path);
  }
  const dead = `stytch_session_jwt=${await guard.expired()}`;
  same((await callsDuring(guard, async () => matches((await opened(`${url}/no-such-page`, dead)).body, /Missing, you/))).length, 1, "a dead session");
  for (const path of ["/public", "/rewritten"]) {
    const { session_jwt, user_id } = await guard.logIn();
    const Authorization = `Bearer ${await guard.expired(session_jwt)}`;
    const calls = await callsDuring(guard, async () => matches((await opened(`${url}${path}`, "", { Authorization })).body, new RegExp(user_id)));
    deepSame(calls, [REFRESH], `${path} with a Bearer credential`);
  }
}

/** Fails unless a prerendered page has no session, a rewrite of `refused` is a response, and unknown pages are public. */
export async function checkPages({ guard }, url) {
  const { session_token, session_jwt, user_id } = await guard.logIn();
  const Cookie = `stytch_session=${session_token}; stytch_session_jwt=${session_jwt}`;
  const still = await asked(`${url}/still/`, { ...PAGE, Cookie });
  deepSame([still.status, still.body, still.lines], [200, "Still true", []], "a prerendered page");
  const hidden = await asked(`${url}/hidden`, PAGE);
  deepSame([hidden.status, hidden.body], [404, "Missing, you"], "a page that is hidden from others");
  same((await asked(`${url}/hidden`, { ...PAGE, Cookie })).body, "admin");
  same((await asked(`${url}/no-such-page`, { ...PAGE, Cookie })).body, `Missing, ${user_id}`);
  // Astro compares paths after it has decoded them, as `context.url` has them.
  for (const path of ["/%61ccount", "//account", "/account/", "/Account", "/account%2F"]) {
    const { status } = await asked(`${url}${path}`, OLD_PAGE);
    ok(status === 303 || status === 404 || status === 301 || status === 308, `${path}: ${status}`);
  }
}

/** Fails unless forms are accepted behind a proxy that ends TLS, as the guide describes. */
export async function checkProxy(url) {
  const headers = { ...PAGE, Host: "app.example.com", Origin: "https://app.example.com", "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded" };
  const send = async (more) => (await asked(`${url}/auth/log-out`, { ...headers, ...more }, { method: "POST" })).status;
  deepSame([await send({}), await send({ "X-Forwarded-Proto": "https" })], [403, 303]);
}

/** Fails unless links, actions and server islands work in Chromium. */
export async function checkBrowser({ guard, browser }, url) {
  const context = await (await browser()).newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    const shows = (selector, hasText) => page.locator(selector, { hasText }).waitFor();
    const visit = () => page.goto(`${url}/app`, { waitUntil: "networkidle" });
    await loadKeys(guard, url, ["/app"]);

    // Without a session: islands and actions run without it, and a link of the ClientRouter leads to the log-in page.
    await visit();
    await shows("#island", "Island of you");
    await page.click("#call");
    await shows("#action", "UNAUTHORIZED");
    await page.click("a");
    await page.waitForURL(`${url}/login?return_to=%2Faccount`);
    await shows("main", "Log in, then /account");

    const { session_token, session_jwt, user_id } = await guard.logIn();
    const values = { stytch_session: session_token, stytch_session_jwt: session_jwt };
    await context.addCookies(Object.entries(values).map(([name, value]) => ({ name, value, url, httpOnly: true })));
    await visit();
    await shows("#island", `Island of ${user_id}`);
    const refreshes = async (what, step) => {
      const expired = await expireIn(context, guard, url);
      deepSame(await callsDuring(guard, step), [REFRESH], what);
      const { value } = (await context.cookies()).find(({ name }) => name === "stytch_session_jwt");
      ok(value !== expired, `${what}: the refreshed JWT reached the browser`);
    };
    await refreshes("an action of a script", () => page.click("#call").then(() => shows("#action", user_id)));
    await refreshes("an action of a form", () => page.click("form button").then(() => shows("#form", user_id)));
    await refreshes("a link", () => page.click("a").then(() => shows("main", `Hello ${user_id} true`)));
  } finally {
    await context.close();
  }
}

const LIMIT_MS = 30_000;
