// The responses to the results of log-in round trips. Does not import the client, so that the declarations of the entry
// do not need those of the wasm.

import type { LoginResponseParts } from "./log_in_types.js";

/**
 * The Response for a result of `handleCallback`, `resetPassword`, `finishLogin` or `logOut`: a redirect (303), the page with
 * a button, or the status and the reason as JSON. With the result's headers.
 */
export function loginResponse({ status, reason, http_status, location, headers, ...more }: LoginResponseParts): Response {
  const own = new Headers(headers);
  if (location !== undefined) own.set("location", location);
  if (http_status === 405) own.set("allow", status === "refused" && "revoked" in more ? "POST" : "GET");
  if (http_status === 503) own.set("retry-after", String(more.retry_after_seconds ?? 5));
  const isPage = http_status === 200;
  if (isPage) {
    own.set("content-security-policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    // With `no-referrer`, browsers send `Origin: null` with the form (Fetch Standard, "append a request Origin header"), and those
    // without Fetch Metadata, such as Safari 16.3, would be refused. The URL of the page has no token.
    own.set("referrer-policy", "same-origin");
  }
  if (location === undefined) own.set("content-type", isPage ? "text/html; charset=utf-8" : "application/json");
  const body = isPage ? PAGE : JSON.stringify({ status, reason });
  return new Response(location === undefined ? body : null, { status: http_status, headers: own });
}

/** The page with a button. Its form is sent to the URL of the page, which has no token. */
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Log in</title>
<form method="post"><button autofocus>Log in</button></form>
</html>
`;
