// `authenticateJwt`: verifies the token locally if possible, and asks the API otherwise.

import { deepSame, failure, same } from "./assert.js";

const AUTHENTICATE = { consumer: "/v1/sessions/authenticate", b2b: "/v1/b2b/sessions/authenticate" };

/** The two products: log-in, client, and names of the session's fields. */
const PRODUCTS = {
  consumer: {
    logIn: (t) => t.logIn(),
    client: (t, more) => t.consumer(more),
    name: "session",
    id: "session_id",
  },
  b2b: {
    logIn: (t) => t.logInMember(),
    client: (t, more) => t.b2b(more),
    name: "member_session",
    id: "member_session_id",
  },
};

export default (test) => {
  test("reports a response that is not JSON as api_unavailable", async (t) => {
    const { session_jwt } = await t.logIn();
    for (const body of ["<html>maintenance</html>", "", "{", '{"a":1}x']) {
      const answer = async (url, init) => (new URL(url).pathname === AUTHENTICATE.consumer ? new Response(body) : fetch(url, init));
      const { sessions } = t.consumer({ ...t.fresh(), fetch: answer });
      const error = await failure(() => sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 0 }));
      deepSame([error.name, error.reason], ["RequestError", "api_unavailable"], body);
    }
  });

  for (const [product, { logIn, client, name, id }] of Object.entries(PRODUCTS)) {
    test(`returns the session and the token of a valid ${product} JWT without a request`, async (t) => {
      const login = await logIn(t);
      const { sessions } = client(t);
      const { session_jwt } = login;
      const session = await sessions.authenticateJwtLocal({ session_jwt });
      const calls = await t.emulator.callsDuring(async () => {
        deepSame(await sessions.authenticateJwt({ session_jwt }), { [name]: session, session_jwt });
        same(session[id], login[name][id]);
      });
      deepSame(calls, []);
    });

    test(`asks the API about a ${product} JWT that is expired locally`, async (t) => {
      const login = await logIn(t);
      const { sessions } = client(t);
      const { session_jwt } = login;
      const current_date = new Date(Date.now() + 400_000);
      const calls = await t.emulator.callsDuring(async () => {
        const answer = await sessions.authenticateJwt({ session_jwt, current_date });
        same(answer.status_code, 200);
        same(answer[name][id], login[name][id]);
      });
      deepSame(calls.slice(-1), [`POST ${AUTHENTICATE[product]} 200 basic`]);
    });

    test(`asks the API about every ${product} JWT if max_token_age_seconds is 0`, async (t) => {
      const { session_jwt } = await logIn(t);
      const { sessions } = client(t, t.fresh());
      const ask = () => sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 0 });
      deepSame(await t.emulator.callsDuring(ask), [`POST ${AUTHENTICATE[product]} 200 basic`]);
    });
  }

  test("asks the API about a token that is older than max_token_age_seconds", async (t) => {
    const { session_jwt } = await t.logIn();
    const ask = () =>
      t.consumer().sessions.authenticateJwt({
        session_jwt,
        max_token_age_seconds: 60,
        current_date: new Date(Date.now() + 61_000),
      });
    const calls = await t.emulator.callsDuring(ask);
    deepSame(calls.slice(-1), [`POST ${AUTHENTICATE.consumer} 200 basic`]);
  });

  test("sends session_duration_minutes and session_custom_claims to the API", async (t) => {
    const { session_jwt } = await t.logIn();
    const answer = await t.consumer().sessions.authenticateJwt({
      session_jwt,
      max_token_age_seconds: 0,
      session_custom_claims: { plan: "gold" },
      session_duration_minutes: 5,
    });
    deepSame(answer.session.custom_claims, { plan: "gold" });
  });

  test("rejects with the API's error if the session was revoked", async (t) => {
    const { session_jwt } = await t.logIn();
    const { sessions } = t.consumer();
    await sessions.revoke({ session_jwt });
    const error = await failure(() => sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 0 }));
    same(error.name, "StytchError");
    same(error.error_type, "session_not_found");
  });

  test("asks the API if the key set is not available", async (t) => {
    const { session_jwt } = await t.logIn();
    const { sessions } = t.consumer(t.fresh());
    const path_prefix = t.emulator.keySetPath("consumer");
    const answer = await t.emulator.withFault({ path_prefix, kind: "status", status: 503 }, () =>
      sessions.authenticateJwt({ session_jwt }),
    );
    same(answer.status_code, 200);
  });

  test("refuses invalid options without a request", async (t) => {
    const { session_jwt } = await t.logIn();
    const { sessions } = t.consumer();
    const calls = await t.emulator.callsDuring(async () => {
      const error = await failure(() =>
        sessions.authenticateJwt({ session_jwt, clock_tolerance_seconds: "long" }),
      );
      same(error.code, "invalid_argument");
    });
    deepSame(calls, []);
  });
};
