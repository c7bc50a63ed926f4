// Limits for the requests by which the API authenticates sessions, and what a refresh may change: floods of made-up
// credentials, outages, cookies of another user, and clocks that differ.

import { deepSame, failure, ok, same } from "./assert.js";
import { bearer, both, cookies } from "./credentials.js";

const AUTHENTICATE = "/v1/sessions/authenticate";
const NOT_FOUND = { status_code: 404, error_type: "session_not_found", request_id: "request-id-test-1" };

const token = (value) => cookies(`stytch_session=${value}`);

/** The verdict's status, and its `via` or reason. */
const summary = ({ status, via, reason }) => [status, via ?? reason];
/** The names of the cookies that a verdict sets, and of the cookies that it clears. */
const named = ({ headers }) => headers.getSetCookie().map((line) => line.replace(/=([^;]*);.*$/s, (_, value) => (value ? "=…" : "=")));

/** A `fetch` that answers refreshes with `answer()`, passes other requests on, and counts the refreshes. */
function refreshes(answer) {
  const real = globalThis.fetch;
  const fetch = async (url, init) => {
    if (new URL(url).pathname !== AUTHENTICATE) return real(url, init);
    fetch.bodies.push(JSON.parse(init.body));
    return answer(url, init, real);
  };
  fetch.bodies = [];
  return fetch;
}
const respond = (body, status, headers) => () => new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
const passed = (url, init, real) => real(url, init);

/** A client with limits of its own, and its events. */
function guard(t, fetch, more) {
  const events = [];
  const on_event = (event) => events.push(event);
  return { events, client: t.consumer({ ...t.fresh(), isolated: true, ...(fetch && { fetch }), on_event, ...more }) };
}

export default (test) => {
  test("sends at most 100 requests per 10 seconds for made-up session tokens", async (t) => {
    const login = await t.logIn();
    const fetch = refreshes((url, init, real) => (JSON.parse(init.body).session_jwt ? real(url, init) : respond(NOT_FOUND, 404)()));
    const { client, events } = guard(t, fetch);
    const counted = {};
    for (let number = 0; number < 1_000; number += 1) {
      const verdict = await client.authenticateRequest(token(`made-up-${number}`));
      const word = summary(verdict).join(" ");
      counted[word] = (counted[word] ?? 0) + 1;
      if (verdict.status !== "unavailable") continue;
      const { retry_after_seconds } = verdict;
      ok(retry_after_seconds >= 1 && retry_after_seconds <= 10, `retry_after_seconds is ${retry_after_seconds}`);
      same(verdict.headers.getSetCookie().length, 0, "cookies");
    }
    deepSame(counted, { "unauthenticated session_not_found": 100, "unavailable rate_limited": 900 });
    same(fetch.bodies.length, 100, "requests");
    deepSame(events.map(({ type }) => type), ["refresh_limit_reached"]);
    deepSame(summary(await client.authenticateRequest(both(login))), ["authenticated", "local"]);
    await t.later(9, async () => same((await client.authenticateRequest(token("made-up"))).reason, "rate_limited"));
    await t.later(400, async () => {
      deepSame(summary(await client.authenticateRequest(both(login))), ["authenticated", "remote"]);
      deepSame(summary(await client.authenticateRequest(token("made-up"))), ["unauthenticated", "session_not_found"]);
    });
  });

  test("refreshes sessions with a verified JWT while the limit for others is reached", async (t) => {
    const login = await t.logIn();
    const fetch = refreshes((url, init, real) => (JSON.parse(init.body).session_jwt ? real(url, init) : respond(NOT_FOUND, 404)()));
    const { client } = guard(t, fetch, { refresh_limits: { unverified_refreshes: 1 } });
    await t.later(400, async () => {
      for (const reason of ["session_not_found", "rate_limited"]) same((await client.authenticateRequest(token(reason))).reason, reason);
      for (let round = 0; round < 3; round += 1) {
        deepSame(summary(await client.authenticateRequest(both(login))), ["authenticated", "remote"]);
      }
      same((await client.authenticateRequest(token("made-up"))).reason, "rate_limited");
    });
  });

  test("has options for the limits", async (t) => {
    const fetch = refreshes(respond(NOT_FOUND, 404));
    const refresh_limits = { unverified_refreshes: Infinity, refused_session_seconds: 0, max_pause_seconds: 0 };
    const { client } = guard(t, fetch, { refresh_limits });
    for (let number = 0; number < 300; number += 1) await client.authenticateRequest(token("one-session"));
    same(fetch.bodies.length, 300, "requests");
    for (const [name, value] of [
      ["unverified_refreshes", -1],
      ["unverified_refreshes", 1.5],
      ["unverified_refreshes", NaN],
      ["refused_session_seconds", "10"],
      ["max_pause_seconds", NaN],
    ]) {
      const error = await failure(() => t.consumer({ refresh_limits: { [name]: value } }));
      deepSame([error.code, error.message.includes(`refresh_limits.${name}`)], ["invalid_argument", true], error.message);
    }
    for (const refresh_timeout of [0, -1, "5", 2 ** 31, NaN]) {
      same((await failure(() => t.consumer({ refresh_timeout }))).code, "invalid_argument", String(refresh_timeout));
      same((await failure(() => client.authenticateRequest(token("a"), { refresh_timeout }))).code, "invalid_argument", String(refresh_timeout));
    }
  });

  test("asks the API once in 10 seconds about a session that it does not find", async (t) => {
    const login = await t.logIn();
    const fetch = refreshes(respond(NOT_FOUND, 404));
    const { client } = guard(t, fetch);
    const sessions = [token("refused-token"), bearer(login.session_jwt)];
    await t.later(400, async () => {
      for (const [number, request] of sessions.entries()) {
        for (let round = 0; round < 200; round += 1) {
          deepSame(summary(await client.authenticateRequest(request)), ["unauthenticated", "session_not_found"]);
        }
        same(fetch.bodies.length, number + 1, "requests");
      }
      deepSame(named(await client.authenticateRequest(sessions[0])), ["stytch_session_jwt=", "stytch_session="]);
      deepSame(named(await client.authenticateRequest(sessions[1])), []);
      // Compared as a whole.
      for (const other of ["refused-toke", "refused-token2", "Refused-token"]) await client.authenticateRequest(token(other));
      same(fetch.bodies.length, 5, "requests");
    });
    await t.later(411, async () => {
      await client.authenticateRequest(sessions[0]);
      same(fetch.bodies.length, 6, "requests");
    });
  });

  test("does not remember the refusal of a client with another secret, or other failures", async (t) => {
    const base = t.fresh();
    const fetch = refreshes(respond(NOT_FOUND, 404));
    const secrets = ["secret-test-one-one-one-one-one-one-one-one-one", "secret-test-two-two-two-two-two-two-two-two-two"];
    for (const secret of [...secrets, ...secrets]) await t.consumer({ ...base, secret, fetch }).authenticateRequest(token("shared-token"));
    same(fetch.bodies.length, 2, "requests");
    for (const [error_type, status] of [["unauthorized_credentials", 401], ["invalid_session_token", 400], ["session_authorization_error", 403]]) {
      const other = refreshes(respond({ status_code: status, error_type }, status));
      const { client } = guard(t, other);
      for (let round = 0; round < 3; round += 1) await client.authenticateRequest(token("some-token"));
      same(other.bodies.length, error_type === "invalid_session_token" ? 1 : 3, `requests after ${error_type}`);
    }
  });

  test("pauses after a 429, and sends one probe after the pause", async (t) => {
    const login = await t.logIn();
    let answer = respond("<html>slow down</html>", 429, { "retry-after": "2", "content-type": "text/html" });
    const fetch = refreshes((...call) => answer(...call));
    const { client, events } = guard(t, fetch, { retries: 0 });
    for (let number = 0; number < 100; number += 1) {
      const verdict = await client.authenticateRequest(token(`token-${number}`));
      deepSame(summary(verdict), ["unavailable", "rate_limited"]);
      ok(verdict.retry_after_seconds >= 1 && verdict.retry_after_seconds <= 2, `retry_after_seconds is ${verdict.retry_after_seconds}`);
    }
    same(fetch.bodies.length, 1, "requests");
    deepSame(events.map(({ type, seconds, has_verified_jwt }) => [type, seconds, has_verified_jwt]), [
      ["refresh_failed", undefined, undefined],
      ["refreshes_paused", 2, false],
    ]);
    // A pause of requests without a verified JWT does not affect the others.
    answer = passed;
    await t.later(400, async () => deepSame(summary(await client.authenticateRequest(both(login))), ["authenticated", "remote"]));
    answer = respond("", 503);
    await t.later(3, async () => {
      for (let number = 0; number < 10; number += 1) await client.authenticateRequest(token(`later-${number}`));
    });
    same(fetch.bodies.length, 3, "requests");
    answer = respond(NOT_FOUND, 404);
    await t.later(10, async () => {
      for (let number = 0; number < 10; number += 1) await client.authenticateRequest(token(`latest-${number}`));
    });
    same(fetch.bodies.length, 13, "requests after the API responds");
  });

  test("pauses for at most 30 seconds, whatever Retry-After is", async (t) => {
    for (const after of ["86400", "999999999999999999999", "-5", "soon", "Wed, 21 Oct 2099 07:28:00 GMT"]) {
      const fetch = refreshes(respond("", 503, { "retry-after": after }));
      const { client } = guard(t, fetch, { retries: 0 });
      const first = await client.authenticateRequest(token("a-token"));
      const second = await client.authenticateRequest(token("a-token"));
      deepSame([summary(first), summary(second)], [["unavailable", "api_unavailable"], ["unavailable", "api_unavailable"]], after);
      ok(second.retry_after_seconds >= 1 && second.retry_after_seconds <= 30, `${after}: ${second.retry_after_seconds}`);
      same(fetch.bodies.length, 1, "requests");
      await t.later(31, () => client.authenticateRequest(token("a-token")));
      same(fetch.bodies.length, 2, "requests after 31 seconds");
    }
  });

  test("does not pause because the API refuses a request or this client", async (t) => {
    for (const status of [400, 401, 403, 404, 409, 422]) {
      const fetch = refreshes(respond({ status_code: status, error_type: "some_error" }, status));
      const { client } = guard(t, fetch);
      for (let number = 0; number < 5; number += 1) await client.authenticateRequest(token(`token-${number}`));
      same(fetch.bodies.length, 5, `requests with status ${status}`);
    }
  });

  test("limits the time of a refresh, and calls on_event", async (t) => {
    const login = await t.logIn();
    const { client, events } = guard(t, undefined, { refresh_timeout: 200 });
    await client.loadKeys();
    await t.emulator.withFault({ path_prefix: AUTHENTICATE, kind: "hang" }, () =>
      t.later(400, async () => {
        const calls = await t.emulator.callsDuring(async () => {
          for (let round = 0; round < 5; round += 1) deepSame(summary(await client.authenticateRequest(both(login))), ["unavailable", "timeout"]);
        });
        ok(calls.length <= 2, `${calls.length} requests`);
      }),
    );
    deepSame(events.slice(0, 2).map(({ type, has_verified_jwt }) => [type, has_verified_jwt]), [
      ["refresh_failed", undefined],
      ["refreshes_paused", true],
    ]);
    same(events[0].error instanceof t.stytch.RequestError, true, "the event has the error");
    const patient = guard(t).client;
    await t.emulator.withFault({ path_prefix: AUTHENTICATE, kind: "slow", delay_ms: 400 }, async () => {
      const request = token(login.session_token);
      // A call with a limit of its own does not make other calls pause.
      for (const limit of ["refresh_timeout", "timeout"]) {
        same((await patient.authenticateRequest(request, { [limit]: 100 })).reason, "timeout", limit);
        same((await patient.authenticateRequest(request)).via, "remote", limit);
      }
    });
  });

  test("shares one request among equal refreshes, and gives each caller objects of its own", async (t) => {
    const login = await t.logIn();
    const base = t.fresh();
    const alone = ["workerd", "workerd-2024", "edge"].includes(t.runtime);
    const refresh = (options, more) => t.consumer({ ...base, ...more }).authenticateRequest(both(login), options);
    await t.consumer(base).loadKeys();
    await t.later(400, async () => {
      const verdicts = [];
      const calls = await t.emulator.callsDuring(async () => verdicts.push(...(await Promise.all(Array.from({ length: 50 }, () => refresh())))));
      same(calls.length, alone ? 50 : 1, "requests");
      for (const verdict of verdicts) deepSame([...summary(verdict), named(verdict).length], ["authenticated", "remote", 2]);
      verdicts[0].session.roles = verdicts[0].claims.sub = "changed by a caller";
      verdicts[0].headers.delete("set-cookie");
      same(verdicts[1].claims.sub === "changed by a caller", false, "each caller has its own objects");
      same(named(verdicts[1]).length, 2, "each caller has its own headers");
      const different = [
        [{}],
        [{ session_duration_minutes: 30 }],
        [{ session_duration_minutes: 31 }],
        [{ authorization_check: { resource_id: "documents", action: "read" } }],
        [{ authorization_check: { resource_id: "documents", action: "write" } }],
        [{}, { fetch: (...call) => globalThis.fetch(...call) }],
        [{}, { secret: "secret-test-other-other-other-other-other-other" }],
      ];
      const all = await t.emulator.callsDuring(() => Promise.all(different.map((each) => refresh(...each))));
      same(all.length, different.length, "requests");
      const fetch = (url, { dispatcher, ...init }) => globalThis.fetch(url, init);
      const own = await t.emulator.callsDuring(() => Promise.all([1, 2, 3].map(() => refresh({}, { fetch }))));
      same(own.length, alone ? 3 : 1, "requests of clients with one fetch function");
      const dispatcher = {};
      const custom = [{ fetch }, { fetch, dispatcher }, { fetch, dispatcher: {} }, { fetch, dispatcher }];
      const apart = await t.emulator.callsDuring(() => Promise.all(custom.map((more) => refresh({}, more))));
      same(apart.length, alone ? 4 : 3, "requests of clients with different dispatchers");
    });
  });

  test("sends a request of its own if the shared one was made by a client whose request failed", async (t) => {
    const login = await t.logIn();
    let answer = respond("", 500);
    const fetch = refreshes((...call) => answer(...call));
    const { client } = guard(t, fetch, { refresh_limits: { max_pause_seconds: 0 } });
    await t.later(400, async () => {
      const together = await Promise.all([1, 2, 3].map(() => client.authenticateRequest(both(login))));
      deepSame(together.map(({ reason }) => reason), Array(3).fill("api_unavailable"));
      answer = passed;
      same((await client.authenticateRequest(both(login))).via, "remote");
    });
  });

  test("refreshes the session that the JWT names, although another session token is present", async (t) => {
    const [own, other] = [await t.logIn(), await t.logIn()];
    const mixed = cookies(`stytch_session=${other.session_token}; stytch_session_jwt=${own.session_jwt}; stytch_session=${own.session_token}`);
    for (const fault of [undefined, { path_prefix: t.emulator.keySetPath("consumer"), kind: "status", status: 503 }]) {
      const { client } = guard(t);
      const check = async () => {
        const verdict = await client.authenticateRequest(mixed);
        deepSame([...summary(verdict), verdict.session?.user_id], ["authenticated", "remote", own.user_id]);
        ok(!verdict.headers.getSetCookie().some((line) => line.includes(other.session_token)), "no cookie has the other token");
      };
      await t.later(400, () => (fault ? t.emulator.withFault(fault, check) : check()));
    }
  });

  test("clears only the JWT's cookie if the session of the JWT has ended, and then uses the session token", async (t) => {
    const [ended, current] = [await t.logIn(), await t.logIn()];
    const { client } = guard(t);
    await client.sessions.revoke({ session_token: ended.session_token });
    await t.later(400, async () => {
      const verdict = await client.authenticateRequest(both({ ...current, session_jwt: ended.session_jwt }));
      deepSame([...summary(verdict), ...named(verdict)], ["unauthenticated", "session_not_found", "stytch_session_jwt="]);
      const next = await client.authenticateRequest(token(current.session_token));
      deepSame([...summary(next), next.session.user_id], ["authenticated", "remote", current.user_id]);
    });
  });

  test("accepts the valid JWT among three cookies of one name, with one request at most", async (t) => {
    const login = await t.logIn();
    const expired = await t.emulator.token({ claims: { iat: 999_999_700, nbf: 999_999_700, exp: 1_000_000_000 } });
    const invalid = `${login.session_jwt.slice(0, -8)}AAAAAAAA`;
    const { client } = guard(t, undefined, { cookies: { domain: "example.com" } });
    const jar = (...jwts) => cookies(jwts.map((jwt) => `stytch_session_jwt=${jwt}`).join("; "));
    const { session_jwt } = login;
    for (const jwts of [[expired, session_jwt], [session_jwt, expired], [invalid, expired, session_jwt]]) {
      const calls = await t.emulator.callsDuring(async () => {
        const verdict = await client.authenticateRequest(jar(...jwts));
        deepSame([verdict.status, verdict.session?.user_id, named(verdict).length], ["authenticated", login.user_id, 0]);
      });
      same(calls.filter((call) => call.includes(AUTHENTICATE)).length, 0, "requests");
    }
    same((await client.authenticateRequest(jar(invalid, invalid.slice(0, -1), `${invalid}A`, session_jwt))).status, "unauthenticated");
    const calls = await t.emulator.callsDuring(() =>
      t.later(400, async () => same((await client.authenticateRequest(jar(invalid, expired, session_jwt))).session?.user_id, login.user_id)),
    );
    same(calls.filter((call) => call.includes(AUTHENTICATE)).length, 1, "requests");
  });

  test("clears the cookies without a domain if the cookies have a domain", async (t) => {
    const login = await t.logIn();
    const client = t.consumer({ cookies: { domain: "example.com" } });
    const parts = (headers) => headers.getSetCookie().map((line) => [line.split("=")[0], line.includes("Domain=example.com"), line.includes("Max-Age=0")]);
    const [jwt, session] = ["stytch_session_jwt", "stytch_session"];
    deepSame(parts(client.sessionHeaders(login)), [[jwt, false, true], [jwt, true, false], [session, false, true], [session, true, false]]);
    deepSame(parts(client.clearSessionHeaders()), [[jwt, true, true], [jwt, false, true], [session, true, true], [session, false, true]]);
    await t.later(400, async () => {
      const verdict = await client.authenticateRequest(both(login));
      deepSame(parts(verdict.headers), [[jwt, false, true], [jwt, true, false], [session, false, true], [session, true, false]]);
    });
  });

  test("accepts a JWT of a clock that is up to 5 seconds ahead, and refreshes others at most once a minute", async (t) => {
    const login = await t.logIn();
    const { client, events } = guard(t);
    for (const seconds of [-0.5, -4]) {
      await t.later(seconds, async () => deepSame(summary(await client.authenticateRequest(both(login))), ["authenticated", "local"], `${seconds}`));
    }
    same((await failure(() => t.later(-4, () => client.sessions.authenticateJwtLocal(login)))).reason, "not_yet_valid");
    deepSame(events, []);
    await t.later(-60, async () => {
      deepSame(summary(await client.authenticateRequest(both(login))), ["authenticated", "remote"]);
      const next = await client.authenticateRequest(both(login));
      deepSame([...summary(next), named(next).length], ["unauthenticated", "not_yet_valid", 0]);
      const alone = await client.authenticateRequest(both(login), { remote_fallback: "never" });
      deepSame(summary(alone), ["unauthenticated", "not_yet_valid"]);
    });
    deepSame(events.map(({ type }) => type), ["clock_skew"]);
  });

  test("refuses a token that was issued in the future if its age is limited", async (t) => {
    const { client } = guard(t);
    const now = Math.floor(Date.now() / 1000);
    const session_jwt = await t.emulator.token({ claims: { iat: now + 60, nbf: null, exp: now + 600 } });
    const check = (options) => failure(() => client.sessions.authenticateJwtLocal({ session_jwt, ...options }));
    same((await check({ max_token_age_seconds: 300 })).reason, "not_yet_valid");
    same((await check({ max_token_age_seconds: 300, clock_tolerance_seconds: 59 })).reason, "not_yet_valid");
    const accepted = await client.sessions.authenticateJwtLocal({ session_jwt, max_token_age_seconds: 300, clock_tolerance_seconds: 70 });
    same("session_id" in accepted, true);
    same("session_id" in (await client.sessions.authenticateJwtLocal({ session_jwt })), true, "without a limit");
  });

  test("reports a key that a newer key set may contain as key_pending", async (t) => {
    const { client } = guard(t, undefined, { remote_fallback: "never" });
    await client.loadKeys();
    const made = await t.emulator.token({ header: { kid: "made-up" } });
    deepSame(summary(await client.authenticateRequest(bearer(made))), ["unavailable", "key_pending"]);
    await t.later(31, async () => deepSame(summary(await client.authenticateRequest(bearer(made))), ["unauthenticated", "unknown_key"]));
  });

  test("says in the verdict and in the event what the API refused", async (t) => {
    const { client, events } = guard(t, undefined, { secret: "secret-test-wrong-wrong-wrong-wrong-wrong-wrong" });
    const verdict = await client.authenticateRequest(token("a-session-token"));
    deepSame(summary(verdict), ["unavailable", "misconfigured"]);
    const { status_code, error_type, request_id } = verdict;
    deepSame([status_code, error_type, /^request-id-/.test(request_id)], [401, "unauthorized_credentials", true], String(request_id));
    const [{ type, project_id, error }] = events;
    deepSame([type, project_id], ["refresh_failed", t.config().project_id]);
    deepSame([error.status_code, error.error_type, error.request_id], [status_code, error_type, request_id]);
    ok(!JSON.stringify([verdict, events, String(error)]).includes("wrong-wrong"), "no secret");
    const silent = await client.authenticateRequest(bearer("a.b.c"));
    deepSame(Object.keys(silent), ["status", "reason", "headers", "cookies"]);
  });

  test("forbids caches to store a response that sets cookies", async (t) => {
    const login = await t.logIn();
    const { client } = guard(t);
    const stored = (headers) => [headers.getSetCookie().length, headers.get("cache-control")];
    deepSame(stored((await client.authenticateRequest(both(login))).headers), [0, null]);
    deepSame(stored(client.sessionHeaders(login)), [2, "no-store"]);
    deepSame(stored(client.clearSessionHeaders()), [2, "no-store"]);
    await t.later(400, async () => {
      deepSame(stored((await client.authenticateRequest(both(login))).headers), [2, "no-store"]);
      deepSame(stored((await client.authenticateRequest(token("made-up"))).headers), [2, "no-store"]);
      const refused = t.stytch.refusal(await client.authenticateRequest(bearer("a.b.c")));
      deepSame([refused.status, refused.headers.get("cache-control")], [401, "no-store"]);
    });
    const paused = guard(t, refreshes(respond("", 429, { "retry-after": "7" }))).client;
    const answer = t.stytch.refusal(await paused.authenticateRequest(token("a-session-token")));
    deepSame([answer.status, answer.headers.get("retry-after")], [503, "7"]);
  });
};
