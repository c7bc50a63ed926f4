// What only Nuxt has: requests of the server to itself, error pages that are such requests, prerendered pages, and navigations
// without a request to the server. The server is the program `adapter`, whose API is this emulator alone.

import { deepSame, matches, ok, same } from "../../conformance/assert.js";
import { callsDuring, expireIn, loadKeys, opened, openedOnce, REFRESH } from "../expired-sessions.mjs";
import { asked, PAGE, SCRIPT } from "../requests.mjs";

const BOTH = ["stytch_session", "stytch_session_jwt"];

/** Fails unless a request of whatever kind refreshes an expired session once, with all requests of the server to itself. */
export async function checkRefreshes({ guard }, url) {
  const loads = [
    ["/account", 200, /Hello USER true/],
    ["/stream", 200, /Hello USER/],
    ["/redirect", 302, /^/],
    ["/error", 500, /^/],
    ["/cookies", 200, /cookies/, [...BOTH, "a", "b", "c", "d", "e", "f"]],
    // The route clears a cookie, which the refresh must not set again.
    ["/clear", 200, /clear/],
    ["/pages/me", 200, /Hello USER, Name of USER,Name of USER, USER/],
    ["/pages/broken", 500, /^/],
    ["/pages/redirect", 302, /^/],
    ["/pages/missing", 404, /^/],
  ];
  await loadKeys(guard, url, loads.map(([path]) => path));
  for (const [path, status, pattern, set = BOTH] of loads) {
    const { answer, names, cookie } = await openedOnce(guard, url, path, status, pattern);
    deepSame(names, [...set].sort(), `${path}: each cookie is set once`);
    if (path === "/clear") deepSame(answer.names, ["stytch_session_jwt"], path);
    same(answer.headers.get("cache-control"), "no-store", path);
    // Neither the page nor its payload has a token.
    const tokens = [...cookie.matchAll(/=([^;]{20,})/g), ...answer.lines.map((line) => /=([^;]{20,})/.exec(line) ?? ["", "-"])].map(([, token]) => token);
    for (const token of tokens.filter((token) => token !== "-")) ok(!answer.body.includes(token), `${path}: the response contains no token`);
  }
  const { session_jwt, user_id } = await guard.logIn();
  const Authorization = `Bearer ${await guard.expired(session_jwt)}`;
  const bearer = async () => matches((await opened(`${url}/pages/me`, "", { Authorization })).body, new RegExp(`Hello ${user_id}, Name of ${user_id}`));
  deepSame(await callsDuring(guard, bearer), [REFRESH], "a Bearer credential");
}

/** Fails unless pages are guarded whatever the spelling of their paths, and `refused` never passes a request. */
export async function checkPages({ guard }, url) {
  const still = await asked(`${url}/still/`, PAGE);
  deepSame([still.status, still.body, still.lines], [200, "still", []], "a prerendered page");
  for (const path of ["/pages/me", "/PAGES/ME", "/pages/me/", "/%70ages/me"]) {
    const { status, header } = await asked(`${url}${path}`, PAGE);
    deepSame([status, new URL(header("location"), url).pathname], [302, "/login"], path);
  }
  for (const path of ["/api/private/name", "/api/%70rivate/name", "//api/private/name", "/API/private/name", "/api/private/../private/name"]) {
    const { status, body } = await asked(`${url}${path}`, SCRIPT);
    ok([401, 404].includes(status) && !body.includes("Name of"), `${path}: ${status}`);
  }
  deepSame(await Promise.all(["/hidden", "/sent", "/thrown"].map(async (path) => (await asked(`${url}${path}`, SCRIPT)).status)), [401, 302, 404], "refused");
  const { session_token, session_jwt } = await guard.logIn();
  const Cookie = `stytch_session=${session_token}; stytch_session_jwt=${session_jwt}`;
  for (const path of ["/hidden", "/sent", "/thrown"]) same((await asked(`${url}${path}`, { ...SCRIPT, Cookie })).body, "admin");
}

/** Fails unless links are guarded in Chromium. */
export async function checkBrowser({ guard, browser }, url) {
  const context = await (await browser()).newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    const main = (hasText) => page.locator("main", { hasText }).waitFor();
    const visit = () => page.goto(`${url}/`, { waitUntil: "networkidle" });
    await loadKeys(guard, url, ["/"]);
    await visit();
    await page.click("a");
    await main("Log in, then /pages/me");
    same(new URL(page.url()).search, "?return_to=/pages/me");

    const { session_token, session_jwt, user_id } = await guard.logIn();
    const values = { stytch_session: session_token, stytch_session_jwt: session_jwt };
    await context.addCookies(Object.entries(values).map(([name, value]) => ({ name, value, url, httpOnly: true })));
    await visit();
    const expired = await expireIn(context, guard, url);
    const calls = await callsDuring(guard, () => page.click("a").then(() => main(`Hello ${user_id}, Name of ${user_id}`)));
    deepSame(calls, [REFRESH], "a link");
    const { value } = (await context.cookies()).find(({ name }) => name === "stytch_session_jwt");
    ok(value !== expired, "the refreshed JWT reached the browser");
  } finally {
    await context.close();
  }
}

const LIMIT_MS = 30_000;
