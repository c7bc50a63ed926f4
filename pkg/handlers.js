// @ts-check
// A handler that only visitors with a session reach, for whatever is called with a
// Request and answers with a Response; and what the others are answered with. Decides
// nothing about sessions.

import { plain } from "./options.js";

/**
 * Has `handler` called with the request, the verdict that lets its visitor in, and
 * whatever else the runtime passes (a Worker's env and context).
 */
export function withSession(handler, guard) {
  const { client, refused = refusal, ...options } = plain("the options", guard);
  return async (request, ...rest) => {
    const its = typeof client === "function" ? await client(...rest) : client;
    // A Worker's context; other runtimes pass something else, or nothing.
    const context = rest[1];
    const wait_until = typeof context?.waitUntil === "function" ? (task) => context.waitUntil(task) : undefined;
    const verdict = await its.authenticateRequest(request, { wait_until, ...options });
    const answer = verdict.status === "authenticated" ? handler(request, verdict, ...rest) : refused(verdict, request, ...rest);
    return withCookies(await answer, verdict.headers.getSetCookie());
  };
}

/** The Response for a verdict that lets nobody in, with the verdict's headers. */
export function refusal({ status, reason, headers }) {
  const init = { status: STATUS[status], headers: new Headers(headers) };
  init.headers.set("cache-control", "no-store");
  init.headers.set("content-type", "application/json");
  // RFC 9110, section 15.5.2: a 401 says how to do better.
  if (init.status === 401 && !init.headers.has("www-authenticate")) init.headers.set("www-authenticate", "Bearer");
  if (init.status === 503) init.headers.set("retry-after", "5");
  return new Response(JSON.stringify({ status, reason }), init);
}

const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

/** The answer, or a copy of it that sets these cookies as well. */
function withCookies(answer, cookies) {
  if (cookies.length === 0 || !answer) return answer;
  // One Response may be the answer to several visitors, and only one of them gets these
  // cookies. An upgrade to a WebSocket cannot be copied, and is nobody else's.
  const own = answer.status === 101 ? answer : new Response(answer.body, answer);
  const set = own.headers.getSetCookie().map(nameOf);
  try {
    for (const cookie of cookies) if (!set.includes(nameOf(cookie))) own.headers.append("set-cookie", cookie);
    // Nor may a shared cache keep them for the next visitor.
    own.headers.set("cache-control", "no-store");
  } catch {
    // An upgrade that came from another server is immutable; the next request refreshes again.
  }
  return own;
}

/**
 * The name of the cookie that a `Set-Cookie` line sets. What an answer sets itself stays:
 * after a log-out, or where another session has begun, the verdict's would bring back the
 * session that is over.
 */
export function nameOf(line) {
  return line.split("=", 1)[0];
}
