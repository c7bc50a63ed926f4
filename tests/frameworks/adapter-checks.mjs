// The check of the adapters: the same requests to the same routes, and the same results with each framework. The programs are
// those whose names end with `adapter`.

import { deepSame, matches, ok, same } from "../conformance/assert.js";
import { asked, OLD_PAGE, PAGE, PROGRAM, PROXIED_PAGE, SCRIPT } from "./requests.mjs";

/** A script that reads a part of a page. */
const FRAGMENT = { ...SCRIPT, Accept: "text/html" };

/** A form of a page of the same origin. */
const FORM = { ...PAGE, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded" };

/** Fails unless the server at `url` behaves as every adapter does. */
export async function checkAdapter({ guard }, url) {
  const ask = (path, headers, init) => asked(`${url}${path}`, headers, init);
  await anonymousRequests(ask, url);
  const login = await guard.logIn();
  const good = cookies(login, login.session_jwt);
  const { status, body, set } = await ask("/account", { ...PAGE, Cookie: good });
  deepSame([status, body, set], [200, `Hello ${login.user_id} true`, []], "a good session");
  same((await ask("/nested/me", { Cookie: good })).body, `Hello ${login.user_id}`);
  same((await ask("/public", { Cookie: good })).body, `Hello ${login.user_id}`);
  const forbidden = await ask("/admin", { ...PAGE, Cookie: good });
  deepSame([forbidden.status, forbidden.json.reason], [403, "claim_mismatch"], "a user without the claim");
  const outage = await ask("/outage", { ...PAGE, Cookie: good });
  deepSame([outage.status, outage.json.status, outage.set], [503, "unavailable", []], "an outage keeps the cookies");
  matches(outage.header("retry-after"), /^\d+$/);

  const expired = cookies(login, await guard.expired(login.session_jwt));
  await refreshedResponses(ask, expired, login);
  await deadSession(ask, guard);
}

async function anonymousRequests(ask, url) {
  for (const [path, to] of Object.entries({
    "/account": "/login?return_to=%2Faccount",
    "/account?a=b&c=%2F": "/login?return_to=%2Faccount%3Fa%3Db%26c%3D%252F",
    "/nested/me": "/login?return_to=%2Fnested%2Fme",
  })) {
    for (const headers of [PAGE, OLD_PAGE, PROXIED_PAGE]) {
      const { status, header } = await ask(path, headers);
      deepSame([status, header("location"), header("cache-control")], [303, to, "no-store"], path);
    }
    same((await ask(path, PAGE, { method: "HEAD" })).status, 303, `HEAD ${path}`);
  }
  for (const [what, path, headers, init] of [
    ["a script", "/account", SCRIPT],
    ["a script that reads a fragment of a page", "/account", FRAGMENT],
    ["a program", "/account", PROGRAM],
    ["a program with a token", "/account", { ...PAGE, Authorization: "Bearer x" }],
    ["a form", "/account", { ...FORM, Origin: new URL(url).origin }, { method: "POST", body: "a=b" }],
    ["an embedded object", "/account", { ...PAGE, "Sec-Fetch-Dest": "object" }],
    ["the log-in page itself", "/login", PAGE],
  ]) {
    const { status, json, header } = await ask(path, headers, init);
    deepSame([status, json.status, header("cache-control"), header("location")], [401, "unauthenticated", "no-store", null], what);
    matches(header("www-authenticate"), /^Bearer/);
  }
  deepSame(pick(await ask("/public", PAGE)), [200, "Hello you", []], "an optional session");
}

/** Refreshed cookies reach the browser with each kind of response. */
async function refreshedResponses(ask, cookie, { user_id }) {
  for (const [path, status, body] of [
    ["/account", 200, `Hello ${user_id} true`],
    ["/public", 200, `Hello ${user_id}`],
    ["/stream", 200, `Hello ${user_id}`],
    ["/redirect", [302, 307], undefined],
    ["/error", 500, undefined],
    ["/own-cookie", 200, "own"],
    ["/admin", 403, undefined],
  ]) {
    const answer = await ask(path, { ...PAGE, Cookie: cookie });
    ok([status].flat().includes(answer.status), `${path}: ${answer.status} ${answer.body}`);
    if (body !== undefined) same(answer.body, body, path);
    const own = path === "/own-cookie" ? ["theme"] : [];
    deepSame(answer.set.sort(), ["stytch_session", "stytch_session_jwt", ...own], path);
    same(answer.header("cache-control"), "no-store", path);
  }
  // A route that ends the session is not undone by the refreshed cookies.
  const out = await ask("/logout", { ...PAGE, Cookie: cookie });
  deepSame([out.status, out.set, out.cleared.sort()], [200, [], ["stytch_session", "stytch_session_jwt"]], "a log-out");
}

/** The cookies of a session that has ended are cleared. */
async function deadSession(ask, guard) {
  const cookie = `stytch_session_jwt=${await guard.expired()}`;
  const page = await ask("/account", { ...PAGE, Cookie: cookie });
  deepSame([page.status, page.cleared.sort()], [303, ["stytch_session", "stytch_session_jwt"]], "a page of a dead session");
  const script = await ask("/account", { ...SCRIPT, Cookie: cookie });
  deepSame([script.status, script.cleared.length], [401, 2], "a script of a dead session");
  const visitor = await ask("/public", { ...PAGE, Cookie: cookie });
  deepSame([visitor.body, visitor.cleared.length], ["Hello you", 2], "an optional dead session");
}

const cookies = ({ session_token }, session_jwt) => `stytch_session=${session_token}; stytch_session_jwt=${session_jwt}`;

const pick = ({ status, body, set }) => [status, body, set];
