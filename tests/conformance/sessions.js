// Magic links and sessions of users: each operation, and the API's refusals.

import { deepSame, failure, matches, ok, same } from "./assert.js";

export default (test) => {
  test("returns the project by whoami", async (t) => {
    const answer = await t.consumer().debug.whoami();
    same(answer.project_id, t.emulator.consumer.project_id);
    same(answer.status_code, 200);
  });

  test("logs a user in with a magic link, and creates the user", async (t) => {
    const client = t.consumer();
    const email = t.address();
    const asked = await client.magicLinks.email.loginOrCreate({ email });
    same(asked.user_created, true);
    const token = await t.emulator.tokenFor(email);
    const login = await client.magicLinks.authenticate({ token, session_duration_minutes: 60 });
    same(login.user_id, asked.user_id);
    same(login.session.user_id, asked.user_id);
    same(login.user.emails[0].verified, true);
    same(login.session_jwt.split(".").length, 3);
    same((await client.magicLinks.email.loginOrCreate({ email })).user_created, false);
  });

  test("returns no session without session_duration_minutes", async (t) => {
    const login = await t.logIn({ session_duration_minutes: undefined });
    same(login.session, null);
    same(login.session_jwt, "");
  });

  test("refuses a used magic link", async (t) => {
    const client = t.consumer();
    const email = t.address();
    await client.magicLinks.email.loginOrCreate({ email });
    const token = await t.emulator.tokenFor(email);
    await client.magicLinks.authenticate({ token });
    const error = await failure(() => client.magicLinks.authenticate({ token }));
    ok(error instanceof t.stytch.StytchError, "the error is a StytchError");
    same(error.status_code, 401);
    same(error.error_type, "unable_to_auth_magic_link");
  });

  test("lists a user's sessions", async (t) => {
    const { user_id, session } = await t.logIn();
    const { sessions } = await t.consumer().sessions.get({ user_id });
    deepSame(sessions, [session]);
  });

  test("authenticates a session by token and by JWT", async (t) => {
    const { session, session_token, session_jwt } = await t.logIn();
    const { sessions } = t.consumer();
    for (const proof of [{ session_token }, { session_jwt }]) {
      const answer = await sessions.authenticate(proof);
      same(answer.session.session_id, session.session_id);
      same(answer.user.user_id, session.user_id);
      matches(answer.session_jwt, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    }
  });

  test("sets custom claims and the duration at authentication", async (t) => {
    const { session_token, session } = await t.logIn();
    const answer = await t.consumer().sessions.authenticate({
      session_token,
      session_duration_minutes: 600,
      session_custom_claims: { plan: "gold" },
    });
    deepSame(answer.session.custom_claims, { plan: "gold" });
    ok(answer.session.expires_at > session.expires_at, "the session ends later");
  });

  test("revokes a session by id, token or JWT", async (t) => {
    const { sessions } = t.consumer();
    const selectors = [
      ({ session }) => ({ session_id: session.session_id }),
      ({ session_token }) => ({ session_token }),
      ({ session_jwt }) => ({ session_jwt }),
    ];
    for (const select of selectors) {
      const login = await t.logIn();
      const { status_code, request_id, ...rest } = await sessions.revoke(select(login));
      same(status_code, 200);
      ok(typeof request_id === "string", "request_id is a string");
      deepSame(rest, {});
      const { session_token } = login;
      same((await failure(() => sessions.authenticate({ session_token }))).error_type, "session_not_found");
    }
  });

  test("returns the key set of the project", async (t) => {
    const { project_id } = t.emulator.consumer;
    const { keys, status_code } = await t.consumer().sessions.getJWKS({ project_id });
    same(status_code, 200);
    ok(keys.length > 0, "the key set is not empty");
    same(keys[0].kty, "RSA");
  });
};
