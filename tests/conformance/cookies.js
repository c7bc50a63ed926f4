// `sessionHeaders`, `clearSessionHeaders`, and the option `cookies`.

import { deepSame, failure, matches, ok, same } from "./assert.js";

const USUAL = "; HttpOnly; Secure; SameSite=Lax";

/** The accepted values of each option of cookies, and an unknown option. */
const ACCEPTED = {
  domain: "a string",
  mode: '"server" or "browser_sdk"',
  partitioned: "a boolean",
  path: "a string",
  session_jwt: "a string",
  http_only: "a boolean",
  secure: "a boolean",
  same_site: '"lax", "strict" or "none"',
  max_age_seconds: "a whole number of seconds from 1 to 4294967295",
  unlisted: null,
};

export default (test) => {
  test("sets both cookies at log-in with the session's lifetime, and clears them at log-out", async (t) => {
    const [client, login] = [t.consumer(), await t.logIn()];
    const lines = client.sessionHeaders(login).getSetCookie();
    same(lines.length, 2);
    const [jwt, token] = lines.map((line) => /^([^;]*); Path=\/; Max-Age=(\d+)(.*)$/.exec(line).slice(1));
    deepSame([jwt[0], jwt[2]], [`stytch_session_jwt=${login.session_jwt}`, USUAL]);
    deepSame([token[0], token[2]], [`stytch_session=${login.session_token}`, USUAL]);
    ok(3500 < Number(jwt[1]) && Number(jwt[1]) <= 3600, `Max-Age is ${jwt[1]}, expected about one hour`);
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

  test("uses the client's cookies option, and a call's option before it", async (t) => {
    const login = await t.logIn();
    const client = t.consumer({ cookies: { session_jwt: "__Host-jwt", same_site: "strict", max_age_seconds: 60 } });
    const [jwt] = client.sessionHeaders(login, { cookies: { http_only: false } }).getSetCookie();
    same(jwt, `__Host-jwt=${login.session_jwt}; Path=/; Max-Age=60; Secure; SameSite=Strict`);
    const [, , token] = client.clearSessionHeaders({ cookies: { session_jwt: "j", path: "/app", domain: "example.com" } }).getSetCookie();
    same(token, "stytch_session=; Path=/app; Domain=example.com; Max-Age=0; HttpOnly; Secure; SameSite=Strict");
    const verdictWith = (name) => client.authenticateRequest({ headers: new Headers({ Cookie: `${name}=${login.session_jwt}` }) });
    same((await verdictWith("__Host-jwt")).status, "authenticated");
    same((await verdictWith("stytch_session_jwt")).reason, "no_credentials");
  });

  test("sets cookies for the tokens of a result, and none for a result without a session", async (t) => {
    const client = t.b2b();
    const names = (result) => client.sessionHeaders(result).getSetCookie().map((line) => line.split("=")[0]);
    deepSame(names({ member_session: null, session_jwt: "", session_token: "" }), []);
    deepSame(names({ session_jwt: "a.b.c" }), ["stytch_session_jwt"]);
    const odd = client.sessionHeaders({ session_jwt: "a;b", session_token: "a\r\nb" }).getSetCookie();
    ok(odd.every((line) => /^\w+=; Path=\/; Max-Age=0;/.test(line)), "a value that is not allowed in a cookie clears the cookie");
    for (const result of [undefined, null, {}, { session: {} }, "token"]) {
      same((await failure(() => client.sessionHeaders(result))).code, "invalid_argument");
    }
  });

  test("clears a cookie that is too long for browsers, and calls on_event", async (t) => {
    const events = [];
    const client = t.consumer({ on_event: (event) => events.push(event) });
    const session_jwt = await t.emulator.token({ claims: { much: "x".repeat(4_000) } });
    const lines = client.sessionHeaders({ session_jwt, session_token: "short" }).getSetCookie();
    deepSame(lines.map((line) => line.split(";")[0]), ["stytch_session_jwt=", "stytch_session=short"]);
    const { project_id } = t.config();
    deepSame(events, [{ type: "cookie_too_large", cookie: "stytch_session_jwt", project_id }]);
  });

  test("treats an undefined option as absent, and refuses values of other types", async (t) => {
    const login = await t.logIn();
    const client = t.consumer({ cookies: { domain: "example.com", same_site: "strict" } });
    const [, jwt] = client.sessionHeaders(login, { cookies: { domain: undefined, same_site: undefined, secure: true } }).getSetCookie();
    ok(/; Domain=example\.com/.test(jwt) && /; SameSite=Strict/.test(jwt), jwt);
    const unreadable = [NaN, Infinity, {}, [], () => "a", Symbol("a"), 5n, new Date()];
    for (const [name, accepted] of Object.entries(ACCEPTED)) {
      for (const value of unreadable) {
        const options = { cookies: { [name]: value } };
        for (const call of [() => client.sessionHeaders(login, options), () => t.consumer(options)]) {
          const error = await failure(call, `${name}: ${String(value)}`);
          same(error.message, `invalid_argument: ${accepted === null ? `unknown cookies option "${name}"` : `cookies.${name} must be ${accepted}`}`);
        }
      }
    }
    const [, kept] = client.sessionHeaders(login, { cookies: { domain: null } }).getSetCookie();
    ok(/; Domain=example\.com/.test(kept), kept);
    const [, inherited] = client.sessionHeaders(login, { cookies: Object.create({ domain: "example.org" }) }).getSetCookie();
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
      same((await failure(() => t.consumer({ cookies }))).code, "invalid_argument", JSON.stringify(cookies));
      const client = t.consumer();
      same((await failure(() => client.clearSessionHeaders({ cookies }))).code, "invalid_argument", JSON.stringify(cookies));
      const request = { headers: new Headers() };
      same((await failure(() => client.authenticateRequest(request, { cookies }))).code, "invalid_argument", JSON.stringify(cookies));
    }
    for (const cookies of [null, "a", 1]) {
      same((await failure(() => t.consumer({ cookies }))).code, "invalid_argument");
    }
  });

  test("returns the cookies of a verdict one by one, with the attribute names of frameworks", async (t) => {
    const { session_token } = await t.logIn();
    const client = t.consumer({ cookies: { partitioned: true, same_site: "none", domain: "example.com", path: "/app" } });
    const verdict = await client.authenticateRequest({ headers: { cookie: `stytch_session=${session_token}` } });
    const lines = verdict.headers.getSetCookie();
    ok(lines.length > 2 && lines.every((line) => line.endsWith("; SameSite=None; Partitioned")), `lines: ${lines.length}`);
    same(verdict.cookies.length, lines.length);
    const jwt = verdict.cookies.find(({ name, value }) => name === "stytch_session_jwt" && value);
    const { maxAge, ...others } = jwt.attributes;
    same(jwt.value, verdict.session_jwt);
    ok(3000 < maxAge && maxAge <= 3600, `maxAge is ${maxAge}`);
    deepSame(others, { path: "/app", domain: "example.com", httpOnly: true, secure: true, sameSite: "none", partitioned: true });
    const again = await client.authenticateRequest({ headers: { authorization: `Bearer ${verdict.session_jwt}` } });
    deepSame([again.status, again.cookies], ["authenticated", []]);
    deepSame((await client.authenticateRequest({ headers: {} })).cookies, []);
    for (const cookies of [{ partitioned: true, secure: false }, { partitioned: "yes" }]) {
      const error = await failure(() => client.sessionHeaders({ session_jwt: "a.b.c" }, { cookies: { ...cookies, same_site: "lax" } }));
      same(error.code, "invalid_argument");
      matches(error.message, /cookies\.(secure must be true when partitioned|partitioned must be a boolean)/);
    }
  });

  test("each mode has names of its own, and an event reports cookies of the other mode", async (t) => {
    const login = await t.logIn();
    const events = [];
    const on_event = ({ type, cookie }) => events.push({ type, cookie });
    const names = (client) => client.sessionHeaders(login).getSetCookie().map((line) => [line.split("=")[0], line.includes("HttpOnly")]);
    const server = t.consumer({ cookies: { mode: "server" }, on_event, isolated: true });
    const sdk = t.consumer({ cookies: { mode: "browser_sdk" }, on_event, isolated: true });
    deepSame(names(server), [["__Host-stytch_server_session_jwt", true], ["__Host-stytch_server_session", true]]);
    deepSame(names(sdk), [["stytch_session_jwt", false], ["stytch_session", false]]);
    deepSame(names(t.consumer({ cookies: { mode: "server", domain: "example.com" } }))[1][0], "__Secure-stytch_server_session_jwt");
    deepSame(names(t.consumer({ cookies: { mode: "server", secure: false } }))[0][0], "stytch_server_session_jwt");
    const of = ({ session_jwt }, name) => ({ headers: { cookie: `${name}=${session_jwt}` } });
    same((await server.authenticateRequest(of(login, "__Host-stytch_server_session_jwt"))).status, "authenticated");
    same((await sdk.authenticateRequest(of(login, "stytch_session_jwt"))).status, "authenticated");
    deepSame(events, []);
    const request = of(login, "stytch_session_jwt");
    for (let count = 0; count < 3; count += 1) same((await server.authenticateRequest(request)).reason, "no_credentials");
    deepSame(events, [{ type: "other_cookie_mode", cookie: "stytch_session_jwt" }]);
    for (const cookies of [{ mode: "both" }, { mode: "server", http_only: true }, { mode: "server", session_jwt: "a" }]) {
      const error = await failure(() => t.consumer({ cookies }));
      same(error.code, "invalid_argument");
      matches(error.message, /cookies\.mode/);
    }
  });
};
