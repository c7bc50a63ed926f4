// Sessions whose JWT has expired, and requests with their cookies: for the checks of each framework, which count the requests to
// the API.

import { deepSame, matches, same } from "../conformance/assert.js";

/** The call of the API that refreshes a session. */
export const REFRESH = "POST /v1/sessions/authenticate";

/** A new session with an expired JWT, as a `Cookie` header. */
export async function expiredSession(guard) {
  const { session_token, session_jwt, user_id } = await guard.logIn();
  return { user_id, cookie: `theme=a%20b; stytch_session=${session_token}; stytch_session_jwt=${await guard.expired(session_jwt)}` };
}

/** Opens pages with a valid session, so that each part of the server has loaded the key set. Returns the `Cookie` header. */
export async function loadKeys(guard, url, paths) {
  const { session_token, session_jwt } = await guard.logIn();
  const cookie = `stytch_session=${session_token}; stytch_session_jwt=${session_jwt}`;
  for (const path of paths) await opened(`${url}${path}`, cookie);
  return cookie;
}

/** The response to a request of `fetch` with cookies, and the names of the cookies that it sets. */
export async function opened(url, cookie, headers = {}, init = {}) {
  const answer = await fetch(url, { ...init, headers: { Cookie: cookie, Accept: "text/html", ...headers }, redirect: "manual", signal: AbortSignal.timeout(LIMIT_MS) });
  const lines = answer.headers.getSetCookie();
  const names = lines.filter((line) => /^[^=]+=[^;]/.test(line)).map((line) => line.split("=", 1)[0]);
  return { status: answer.status, headers: answer.headers, body: await answer.text(), lines, names: [...new Set(names)].sort() };
}

/** The calls of the API during a step, as method and path. */
export async function callsDuring(guard, step) {
  return (await guard.emulator.callsDuring(step)).map((call) => call.split(" ").slice(0, 2).join(" "));
}

/**
 * Opens a page with an expired session. Fails unless one request to the API refreshes the session, and the page has this status and
 * text, in which `USER` is the id of the user. Returns the names of the cookies in all lines, each as often as it appears.
 */
export async function openedOnce(guard, url, path, status, pattern) {
  const { cookie, user_id } = await expiredSession(guard);
  let answer;
  deepSame(await callsDuring(guard, async () => (answer = await opened(`${url}${path}`, cookie))), [REFRESH], path);
  same(answer.status, status, path);
  matches(answer.body, new RegExp(pattern.source.replaceAll("USER", user_id)), path);
  return { answer, cookie, names: answer.lines.map((line) => line.split("=", 1)[0]).sort() };
}

/** Replaces the session JWT of a browser by an expired one, which is returned. */
export async function expireIn(context, guard, url) {
  const current = (await context.cookies()).find(({ name }) => name === "stytch_session_jwt").value;
  const [value, domain] = [await guard.expired(current), new URL(url).hostname];
  await context.addCookies([{ name: "stytch_session_jwt", value, domain, path: "/", httpOnly: true, secure: false }]);
  return value;
}

const LIMIT_MS = 30_000;
