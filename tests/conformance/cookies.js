// `sessionHeaders`, `clearSessionHeaders`, and how cookies are named and set.

import { deepSame, failure, ok, same } from "./assert.js";

const USUAL = "; HttpOnly; Secure; SameSite=Lax";

export default (test) => {
  test("sets both cookies at log-in until the session ends, and clears them at log-out", async (t) => {
    const [client, login] = [t.consumer(), await t.logIn()];
    const lines = client.sessionHeaders(login).getSetCookie();
    same(lines.length, 2);
    const [jwt, token] = lines.map((line) => /^([^;]*); Path=\/; Max-Age=(\d+)(.*)$/.exec(line).slice(1));
    deepSame([jwt[0], jwt[2]], [`stytch_session_jwt=${login.session_jwt}`, USUAL]);
    deepSame([token[0], token[2]], [`stytch_session=${login.session_token}`, USUAL]);
    ok(3500 < Number(jwt[1]) && Number(jwt[1]) <= 3600, `${jwt[1]} seconds are an hour`);
    deepSame(client.clearSessionHeaders().getSetCookie(), [
      `stytch_session_jwt=; Path=/; Max-Age=0${USUAL}`,
      `stytch_session=; Path=/; Max-Age=0${USUAL}`,
    ]);
  });

  test("sets the cookies of a member", async (t) => {
    const login = await t.logInMember();
    const lines = t.b2b().sessionHeaders(login).getSetCookie();
    deepSame(lines.map((line) => line.split(";")[0]), [
      `stytch_session_jwt=${login.session_jwt}`,
      `stytch_session=${login.session_token}`,
    ]);
  });

  test("names and sets cookies as the client is told, and a call above that", async (t) => {
    const login = await t.logIn();
    const client = t.consumer({ cookies: { session_jwt: "__Host-jwt", same_site: "strict", max_age_seconds: 60 } });
    const [jwt] = client.sessionHeaders(login, { cookies: { http_only: false } }).getSetCookie();
    same(jwt, `__Host-jwt=${login.session_jwt}; Path=/; Max-Age=60; Secure; SameSite=Strict`);
    const [, token] = client.clearSessionHeaders({ cookies: { session_jwt: "j", path: "/app", domain: "example.com" } }).getSetCookie();
    same(token, "stytch_session=; Path=/app; Domain=example.com; Max-Age=0; HttpOnly; Secure; SameSite=Strict");
    const visit = (name) => client.authenticateRequest({ headers: new Headers({ Cookie: `${name}=${login.session_jwt}` }) });
    same((await visit("__Host-jwt")).status, "authenticated");
    same((await visit("stytch_session_jwt")).reason, "no_credentials");
  });

  test("sets what a result has of a session, and nothing where none has begun", async (t) => {
    const client = t.b2b();
    const names = (result) => client.sessionHeaders(result).getSetCookie().map((line) => line.split("=")[0]);
    deepSame(names({ member_session: null, session_jwt: "", session_token: "" }), []);
    deepSame(names({ session_jwt: "a.b.c" }), ["stytch_session_jwt"]);
    const odd = client.sessionHeaders({ session_jwt: "a;b", session_token: "a\r\nb" }).getSetCookie();
    ok(odd.every((line) => /^\w+=; Path=\/; Max-Age=0;/.test(line)), "what is no cookie is cleared");
    for (const result of [undefined, null, {}, { session: {} }, "token"]) {
      same((await failure(() => client.sessionHeaders(result))).code, "invalid_argument");
    }
  });

  test("clears a cookie that is longer than browsers keep, and tells of it", async (t) => {
    const told = [];
    const client = t.consumer({ on_event: (event) => told.push(event) });
    const session_jwt = await t.emulator.token({ claims: { much: "x".repeat(4_000) } });
    const lines = client.sessionHeaders({ session_jwt, session_token: "short" }).getSetCookie();
    deepSame(lines.map((line) => line.split(";")[0]), ["stytch_session_jwt=", "stytch_session=short"]);
    const { project_id } = t.config();
    deepSame(told, [{ type: "cookie_too_large", cookie: "stytch_session_jwt", project_id }]);
  });

  test("counts an option that is undefined as not given, and refuses what is neither", async (t) => {
    const login = await t.logIn();
    const client = t.consumer({ cookies: { domain: "example.com", same_site: "strict" } });
    const [jwt] = client.sessionHeaders(login, { cookies: { domain: undefined, same_site: undefined, secure: true } }).getSetCookie();
    ok(/; Domain=example\.com/.test(jwt) && /; SameSite=Strict/.test(jwt), jwt);
    const unreadable = [NaN, Infinity, null, {}, [], () => "a", Symbol("a"), 5n, new Date()];
    for (const name of ["domain", "path", "max_age_seconds", "http_only", "secure", "same_site", "session_jwt", "nam"]) {
      for (const value of unreadable) {
        const error = await failure(() => client.sessionHeaders(login, { cookies: { [name]: value } }), `${name}: ${String(value)}`);
        same(error.message, `invalid_argument: cookies.${name} must be a string, a finite number or a boolean`);
      }
    }
    const [inherited] = client.sessionHeaders(login, { cookies: Object.create({ domain: "example.org" }) }).getSetCookie();
    ok(/; Domain=example\.org/.test(inherited), inherited);
    for (const cookies of [new Map([["domain", "example.com"]]), [["domain", "example.com"]], "domain=example.com"]) {
      same((await failure(() => client.sessionHeaders(login, { cookies }))).code, "invalid_argument");
      same((await failure(() => t.consumer({ cookies }))).code, "invalid_argument");
    }
    for (const part of [{ session_token: 5 }, { session: { expires_at: 5 } }, { session_jwt: {} }]) {
      same((await failure(() => client.sessionHeaders({ ...login, ...part }))).code, "invalid_argument", JSON.stringify(part));
    }
  });

  test("refuses cookies that a browser would drop or that would write another header", async (t) => {
    for (const cookies of [
      { session_jwt: "a b" },
      { session_jwt: "" },
      { session_jwt: "stytch_session" },
      { path: "/;Domain=evil" },
      { path: "/\r\nSet-Cookie: a=b" },
      { domain: "a b" },
      { same_site: "none", secure: false },
      { session_token: "__Host-a", path: "/app" },
      { session_token: "__Secure-a", secure: false },
      { max_age_seconds: -1 },
      { max_age_seconds: "60" },
      { httpOnly: false },
    ]) {
      const client = t.consumer({ cookies });
      same((await failure(() => client.clearSessionHeaders())).code, "invalid_argument", JSON.stringify(cookies));
      const request = { headers: new Headers() };
      same((await failure(() => client.authenticateRequest(request))).code, "invalid_argument", JSON.stringify(cookies));
    }
    for (const cookies of [null, "a", 1]) {
      same((await failure(() => t.consumer({ cookies }))).code, "invalid_argument");
    }
  });
};
