// The checks of a guarded server: it accepts requests with a session, refuses all others, and reports an outage.

import { deepSame, matches, same } from "../conformance/assert.js";

/**
 * Fails unless the server at `url` is guarded. `session` is the result of a log-in. `refusal` is the expected response to a
 * request without a session.
 */
export async function checkGuarded(url, emulator, session) {
  const send = (headers) => fetch(url, { headers, redirect: "manual" });
  const accepted = await send({ Cookie: `stytch_session_jwt=${session.session_jwt}` });
  same(accepted.status, 200, "the status for a session JWT");
  matches(await accepted.text(), USER);
  for (const [credentials, headers] of Object.entries(REFUSED)) {
    const { status, headers: answered } = await send(headers);
    deepSame([status, answered.get("location")], [401, null], `the response for ${credentials}`);
  }
  const refreshed = await send({ Cookie: `stytch_session=${session.session_token}` });
  same(refreshed.status, 200, "the status for a session token");
  matches(await refreshed.text(), USER);
  same(refreshed.headers.getSetCookie().length, 2, "the number of new cookies");
  await emulator.withFault({ path_prefix: "/v1/", kind: "status", status: 503 }, async () => {
    same((await send({ Cookie: `stytch_session=${session.session_token}` })).status, 503, "the status in an outage");
  });
}

/** Fails unless a page of https://app.example.com can call the server at `url` with credentials. */
export async function answersPreflights(url) {
  const preflight = await fetch(url, { method: "OPTIONS", headers: { "Access-Control-Request-Method": "GET" } });
  same(preflight.status, 204, "the status of a preflight");
  const refused = await fetch(url);
  same(refused.status, 401, "the status without a session");
  for (const { headers } of [preflight, refused]) {
    same(headers.get("access-control-allow-origin"), "https://app.example.com");
    same(headers.get("access-control-allow-credentials"), "true");
  }
}

/** Fails unless a page of the server at `url` leads to the log-in page. */
export async function leadsToLogIn(url) {
  const { status, headers } = await fetch(new URL("/inbox", url), { headers: { Accept: "text/html" }, redirect: "manual" });
  deepSame([status, headers.get("location")], [303, "/login?return_to=%2Finbox"]);
}

const USER = /^Hello user-test-|"user_id":"user-test-/;
const REFUSED = { "no credentials": {}, "an invalid token": { Authorization: "Bearer garbage" } };
