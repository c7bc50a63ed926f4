// `authenticateJwt`: judged here if possible, by the API if not.

import { deepSame, failure, same } from "./assert.js";

const AUTHENTICATE = { consumer: "/v1/sessions/authenticate", b2b: "/v1/b2b/sessions/authenticate" };

/** The two products: how one logs in, the client, and where the session stands. */
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
  test("reports an answer that is not JSON as a request without a usable response", async (t) => {
    const { session_jwt } = await t.logIn();
    for (const body of ["<html>maintenance</html>", "", "{", '{"a":1}x']) {
      const answer = async (url, init) => (new URL(url).pathname === AUTHENTICATE.consumer ? new Response(body) : fetch(url, init));
      const { sessions } = t.consumer({ ...t.fresh(), fetch: answer });
      const error = await failure(() => sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 0 }));
      deepSame([error.name, error.reason], ["RequestError", "api_unavailable"], body);
    }
  });

  for (const [product, { logIn, client, name, id }] of Object.entries(PRODUCTS)) {
    test(`answers for a good ${product} token without the API, with session and token alone`, async (t) => {
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

    test(`asks the API about a ${product} token that has expired here`, async (t) => {
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

    test(`asks the API about a ${product} token when no age is young enough`, async (t) => {
      const { session_jwt } = await logIn(t);
      const { sessions } = client(t, t.fresh());
      const ask = () => sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 0 });
      deepSame(await t.emulator.callsDuring(ask), [`POST ${AUTHENTICATE[product]} 200 basic`]);
    });
  }

  test("asks the API about a token that is older than the caller allows", async (t) => {
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

  test("tells the API the duration and the claims that it was asked for", async (t) => {
    const { session_jwt } = await t.logIn();
    const answer = await t.consumer().sessions.authenticateJwt({
      session_jwt,
      max_token_age_seconds: 0,
      session_custom_claims: { plan: "gold" },
      session_duration_minutes: 5,
    });
    deepSame(answer.session.custom_claims, { plan: "gold" });
  });

  test("passes on the API's refusal of a session that was revoked", async (t) => {
    const { session_jwt } = await t.logIn();
    const { sessions } = t.consumer();
    await sessions.revoke({ session_jwt });
    const error = await failure(() => sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 0 }));
    same(error.name, "StytchError");
    same(error.error_type, "session_not_found");
  });

  test("asks the API when the key set cannot be had", async (t) => {
    const { session_jwt } = await t.logIn();
    const { sessions } = t.consumer(t.fresh());
    const path_prefix = t.emulator.keySetPath("consumer");
    const answer = await t.emulator.withFault({ path_prefix, kind: "status", status: 503 }, () =>
      sessions.authenticateJwt({ session_jwt }),
    );
    same(answer.status_code, 200);
  });

  test("does not ask the API about options that make no sense", async (t) => {
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
