// The local check of a valid session JWT: its result and its options.

import { deepSame, failure, ok, same } from "./assert.js";

const SESSION = "https://stytch.com/session";
const ORGANIZATION = "https://stytch.com/organization";

export default (test) => {
  test("returns exactly the fields of a user's session", async (t) => {
    const { session, session_jwt } = await t.logIn();
    const { sessions } = t.consumer();
    const checked = await sessions.authenticateJwtLocal({ session_jwt });
    const [{ created_at, updated_at, ...factor }] = session.authentication_factors;
    deepSame(checked, {
      session_id: session.session_id,
      attributes: { ip_address: "", user_agent: "" },
      authentication_factors: [factor],
      user_id: session.user_id,
      started_at: session.started_at,
      last_accessed_at: session.last_accessed_at,
      expires_at: new Date(session.expires_at).toISOString(),
      custom_claims: {},
      roles: ["stytch_user"],
    });
    ok(Boolean(created_at && updated_at), "the API returns more fields of a factor than the JWT contains");
  });

  test("returns exactly the fields of a member's session", async (t) => {
    const { member_session, session_jwt, organization } = await t.logInMember();
    const checked = await t.b2b().sessions.authenticateJwtLocal({ session_jwt });
    const [{ created_at, updated_at, ...factor }] = member_session.authentication_factors;
    deepSame(checked, {
      member_session_id: member_session.member_session_id,
      member_id: member_session.member_id,
      organization_id: organization.organization_id,
      authentication_factors: [factor],
      started_at: member_session.started_at,
      last_accessed_at: member_session.last_accessed_at,
      expires_at: new Date(member_session.expires_at).toISOString(),
      custom_claims: {},
      roles: member_session.roles,
      organization_slug: organization.organization_slug,
    });
    ok(Boolean(created_at && updated_at), "the API returns more fields of a factor than the JWT contains");
  });

  test("returns custom claims unchanged", async (t) => {
    const claims = JSON.parse(
      `{"nested":{"list":[1,-2.5e10,null,{"a":[]}]},"späß \u{1f511}":"\\"\\\\\\u0000\u2028","__proto__":{"admin":true},
        "constructor":"x","":"no name","large":9007199254740993,"jti2":1,"https://stytch.com/other":true}`,
    );
    const session_jwt = await t.emulator.token({ claims: { ...claims, jti: "left out" } });
    const { sessions } = t.consumer();
    const { custom_claims } = await sessions.authenticateJwtLocal({ session_jwt });
    const expected = { ...claims };
    deepSame(custom_claims, expected);
    same({}.admin, undefined, "a property of Object.prototype");
  });

  test("returns a custom claim named __proto__ without changing a prototype", async (t) => {
    const claims = JSON.parse(`{"__proto__":{"admin":true}}`);
    const session_jwt = await t.emulator.token({ claims });
    const { custom_claims } = await t.consumer().sessions.authenticateJwtLocal({ session_jwt });
    deepSame(Object.getOwnPropertyNames(custom_claims), ["__proto__"]);
    same(Object.getPrototypeOf(custom_claims), Object.prototype);
    same(custom_claims.admin, undefined);
  });

  test("returns the session's roles, or an empty list if the token has no roles", async (t) => {
    const check = async (roles) => {
      const session_jwt = await t.emulator.token({ claims: { [SESSION]: { roles } } });
      return (await t.consumer().sessions.authenticateJwtLocal({ session_jwt })).roles;
    };
    deepSame(await check(["stytch_user", "späß"]), ["stytch_user", "späß"]);
    deepSame(await check([]), []);
    deepSame(await check(null), []);
  });

  test("returns expires_at with milliseconds, from the session or otherwise from exp", async (t) => {
    const exp = Math.floor(Date.now() / 1000) + 200;
    const check = async (expires_at) => {
      const session_jwt = await t.emulator.token({ claims: { exp, [SESSION]: { expires_at } } });
      return (await t.consumer().sessions.authenticateJwtLocal({ session_jwt })).expires_at;
    };
    same(await check("2099-08-28T00:41:58Z"), "2099-08-28T00:41:58.000Z");
    same(await check("2099-08-28T00:41:58.935673Z"), "2099-08-28T00:41:58.935Z");
    same(await check("2099-08-28T02:41:58+02:00"), "2099-08-28T00:41:58.000Z");
    same(await check(null), new Date(exp * 1000).toISOString());
  });

  test("accepts the base URL as the issuer, without its trailing slash", async (t) => {
    const session_jwt = await t.emulator.token({ claims: { iss: t.emulator.url } });
    for (const custom_base_url of [t.emulator.url, `${t.emulator.url}/`]) {
      const { sessions } = t.consumer({ custom_base_url });
      ok("session_id" in (await sessions.authenticateJwtLocal({ session_jwt })), "the result is a session");
    }
  });

  test("accepts an audience that is a string, or one of several", async (t) => {
    const { project_id } = t.emulator.consumer;
    for (const aud of [project_id, ["another", project_id]]) {
      const session_jwt = await t.emulator.token({ claims: { aud } });
      const checked = await t.consumer().sessions.authenticateJwtLocal({ session_jwt });
      ok("session_id" in checked, "the result is a session");
    }
  });

  test("validates at current_date, in the past or in the future", async (t) => {
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iat, nbf: iat, exp: iat + 300 };
    const session_jwt = await t.emulator.token({ claims });
    const { sessions } = t.consumer();
    const at = (seconds) => ({ session_jwt, current_date: new Date((iat + seconds) * 1000) });
    for (const seconds of [0, 299.999]) {
      ok("session_id" in (await sessions.authenticateJwtLocal(at(seconds))), `the token is valid at ${seconds} s`);
    }
    const reasonAt = async (seconds) =>
      (await failure(() => sessions.authenticateJwtLocal(at(seconds)))).reason;
    same(await reasonAt(-0.001), "not_yet_valid");
    same(await reasonAt(300), "expired");
    same(await reasonAt(1e9), "expired");
  });

  test("tolerates a difference of clocks of at most clock_tolerance_seconds", async (t) => {
    const iat = Math.floor(Date.now() / 1000);
    const session_jwt = await t.emulator.token({ claims: { iat, nbf: iat, exp: iat + 300 } });
    const { sessions } = t.consumer();
    const at = (seconds) => ({
      session_jwt,
      current_date: new Date((iat + seconds) * 1000),
      clock_tolerance_seconds: 5,
    });
    for (const seconds of [-5, 304.999]) {
      ok("session_id" in (await sessions.authenticateJwtLocal(at(seconds))), `the token is valid at ${seconds} s`);
    }
    for (const seconds of [-5.001, 305]) {
      same((await failure(() => sessions.authenticateJwtLocal(at(seconds)))).code, "jwt_invalid");
    }
  });

  test("refuses a token whose age is max_token_age_seconds, without clock tolerance", async (t) => {
    const iat = Math.floor(Date.now() / 1000);
    const session_jwt = await t.emulator.token({ claims: { iat, nbf: iat, exp: iat + 300 } });
    const { sessions } = t.consumer();
    const aged = (seconds, max_token_age_seconds) => ({
      session_jwt,
      max_token_age_seconds,
      clock_tolerance_seconds: 60,
      current_date: new Date((iat + seconds) * 1000),
    });
    ok("session_id" in (await sessions.authenticateJwtLocal(aged(59.999, 60))), "the token is younger than the limit");
    ok("session_id" in (await sessions.authenticateJwtLocal(aged(1, Infinity))), "Infinity accepts every age");
    for (const given of [aged(60, 60), aged(0, 0), aged(100, 60)]) {
      const error = await failure(() => sessions.authenticateJwtLocal(given));
      same(error.code, "jwt_too_old");
      same(error.reason, "too_old");
    }
  });

  test("refuses numeric options that are not valid numbers, and invalid dates", async (t) => {
    const { session_jwt } = await t.logIn();
    const { sessions } = t.consumer();
    const rows = [
      ["clock_tolerance_seconds", ["a while", "60", NaN, -1, Infinity, {}, [1e9], true, 1n, UNCONVERTIBLE]],
      ["max_token_age_seconds", ["a while", "60", NaN, -1, {}, true, 1n, UNCONVERTIBLE]],
      // The unit of a number would be ambiguous: milliseconds or seconds.
      ["current_date", ["tomorrow", new Date(NaN), NaN, {}, 0, false, "", [], 1.7e9, UNCONVERTIBLE]],
    ];
    for (const [name, values] of rows) {
      for (const value of values) {
        const error = await failure(
          () => sessions.authenticateJwtLocal({ session_jwt, [name]: value }),
          name,
        );
        ok(error instanceof t.stytch.ClientError, `${name}: ${typeof value} causes a ClientError`);
        same(error.code, "invalid_argument", `${name}: ${error.message}`);
        ok(error.message.includes(name), `the message names ${name}`);
      }
    }
  });

  test("treats options that are null or undefined as absent", async (t) => {
    const { session_jwt } = await t.logIn();
    for (const value of [null, undefined]) {
      const options = { clock_tolerance_seconds: value, max_token_age_seconds: value, current_date: value };
      const checked = await t.consumer().sessions.authenticateJwtLocal({ session_jwt, ...options });
      ok("session_id" in checked, "the result is a session");
    }
  });

  test("keeps the organization claim out of custom claims", async (t) => {
    const session_jwt = await t.emulator.token({
      product: "b2b",
      claims: { plan: "gold", [ORGANIZATION]: { slug: null } },
    });
    const checked = await t.b2b().sessions.authenticateJwtLocal({ session_jwt });
    deepSame(checked.custom_claims, { plan: "gold" });
    same("organization_slug" in checked, false);
  });
};

/** An object from JSON whose conversion to a number throws. */
const UNCONVERTIBLE = { valueOf: null, toString: null };
