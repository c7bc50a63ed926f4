// Handlers that run for requests with a session only: `withSession`, and Hono's middleware. Also `SessionVerifier`.

import { deepSame, failure, hiding, matches, ok, same } from "./assert.js";

const ADDRESS = "https://worker.example/private";

/** An object with the headers of a request with these cookies. In a page, a Request cannot contain cookies. */
function withCookies(cookies) {
  const cookie = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
  return { headers: new Headers({ cookie: cookie.join("; ") }) };
}

/** A request with this Authorization header. */
function carrying(authorization) {
  return new Request(ADDRESS, { headers: { authorization } });
}

export default (test) => {
  test("calls a handler with the verdict and the runtime's other arguments", async (t) => {
    const { session_jwt, session } = await t.logIn();
    const [env, context] = [{ name: "env" }, { waitUntil: () => {} }];
    const guarded = t.stytch.withSession(
      (request, verdict, ...rest) => Response.json([request.url, verdict.session.user_id, rest.length, rest[0] === env]),
      { client: (its) => (same(its, env), t.consumer()) },
    );
    const answer = await guarded(carrying(`Bearer ${session_jwt}`), env, context);
    deepSame(await answer.json(), [ADDRESS, session.user_id, 2, true]);
    const member = await t.logInMember();
    const b2b = t.stytch.withSession((_, verdict) => new Response(verdict.member_session.member_id), { client: t.b2b() });
    same(await (await b2b(carrying(`Bearer ${member.session_jwt}`))).text(), member.member_id);
  });

  test("answers requests without a session with 401, without permission with 403, and during outages with 503", async (t) => {
    const { session_jwt } = await t.logIn();
    const handler = () => {
      throw new Error("the handler was called");
    };
    const answers = async (client, options, authorization) => {
      const guarded = t.stytch.withSession(handler, { client, ...options });
      const answer = await guarded(carrying(authorization));
      same(answer.headers.get("cache-control"), "no-store");
      const { status, reason } = await answer.json();
      return [answer.status, status, reason, answer.headers.get("www-authenticate"), answer.headers.get("retry-after")];
    };
    deepSame(await answers(t.consumer(), {}, "Bearer junk"), [401, "unauthenticated", "malformed", "Bearer", null]);
    const authorization_check = { resource_id: "nothing", action: "read" };
    const refused = await answers(t.consumer(), { authorization_check }, `Bearer ${session_jwt}`);
    deepSame(refused, [403, "forbidden", "invalid_permissions", null, null]);
    const down = t.consumer({ ...t.fresh(), fetch: async () => new Response("no", { status: 503 }) });
    const outage = await answers(down, { remote_fallback: "never" }, `Bearer ${session_jwt}`);
    deepSame(outage, [503, "unavailable", "keys_unavailable", null, "5"]);
  });

  test("answers with the response of the option refused", async (t) => {
    const guarded = t.stytch.withSession(() => new Response("in"), {
      client: t.consumer(),
      refused: ({ reason }, request) => new Response(`${reason} at ${new URL(request.url).pathname}`, { status: 302 }),
    });
    const answer = await guarded(new Request(ADDRESS));
    deepSame([answer.status, await answer.text()], [302, "no_credentials at /private"]);
  });

  test("sets refreshed cookies on a copy of the response, so that no other user receives them", async (t) => {
    const { session_jwt, session_token } = await t.logIn();
    const shared = new Response(null, { status: 204, headers: { "cache-control": "public", "x-kept": "yes" } });
    const guarded = t.stytch.withSession(() => shared, { client: t.consumer(), max_token_age_seconds: 0 });
    const answer = await guarded(withCookies({ stytch_session_jwt: session_jwt, stytch_session: session_token }));
    same(answer.status, 204);
    same(answer.headers.get("x-kept"), "yes");
    same(answer.headers.get("cache-control"), "no-store");
    same(answer.headers.getSetCookie().length, 2);
    ok(answer !== shared && shared.headers.getSetCookie().length === 0, "the shared response is unchanged");
    const unchanged = t.stytch.withSession(() => shared, { client: t.consumer() });
    same(await unchanged(withCookies({ stytch_session_jwt: session_jwt })), shared, "without new cookies, the response is not copied");
  });

  test("keeps status and content type of a response that receives cookies", async (t) => {
    const { session_jwt, session_token } = await t.logIn();
    const request = withCookies({ stytch_session_jwt: session_jwt, stytch_session: session_token });
    const type = { "content-type": "text/x-own" };
    const answers = {
      "a text": () => new Response("text"),
      "an empty text": () => new Response(""),
      "a text with a content type": () => new Response("text", { status: 418, headers: type }),
      "JSON": () => Response.json({ a: 1 }, { status: 201 }),
      "bytes": () => new Response(new Uint8Array([1, 2])),
      "a Blob": () => new Response(new Blob(["a"], { type: "text/x-blob" })),
      "a form": () => new Response(new URLSearchParams({ a: "b" })),
      "nothing": () => new Response(null, { status: 204 }),
      "a redirect": () => new Response(null, { status: 303, headers: { location: "https://worker.example/" } }),
    };
    for (const [what, answerOf] of Object.entries(answers)) {
      const fields = async (answer) => [answer.status, answer.headers.get("content-type"), answer.headers.get("location"), await answer.text()];
      const { status, headers } = answerOf();
      const guarded = t.stytch.withSession(answerOf, { client: t.consumer(), max_token_age_seconds: 0 });
      const answer = await guarded(request);
      same(answer.headers.get("cache-control"), "no-store", what);
      deepSame(await fields(answer), await fields(Object.assign(answerOf(), {})), what);
      deepSame([answer.status, answer.headers.get("content-type")], [status, headers.get("content-type")], what);
    }
  });

  test("uses the context's waitUntil if the option wait_until is undefined", async (t) => {
    const { session_jwt } = await t.logIn();
    const seen = [];
    const client = { authenticateRequest: async (_, options) => (seen.push(typeof options.wait_until), { status: "unavailable", reason: "a", headers: new Headers() }) };
    const context = { waitUntil: () => {} };
    for (const more of [{}, { wait_until: undefined }]) {
      await t.stytch.withSession(() => new Response("in"), { client, ...more })(carrying(`Bearer ${session_jwt}`), {}, context);
    }
    deepSame(seen, ["function", "function"]);
  });

  // Some polyfills and older runtimes have no getSetCookie.
  test("adds cookies if Headers has no getSetCookie", async (t) => {
    const { session_token } = await t.logIn();
    const { prototype } = Headers;
    const { getSetCookie } = prototype;
    const own = ["a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT", "stytch_session=; Max-Age=0"];
    const answerOf = () => {
      const headers = new Headers();
      for (const line of own) headers.append("set-cookie", line);
      return new Response("in", { headers });
    };
    const guarded = t.stytch.withSession(answerOf, { client: t.consumer() });
    prototype.getSetCookie = undefined;
    let answer;
    try {
      answer = await guarded(withCookies({ stytch_session: session_token }));
    } finally {
      prototype.getSetCookie = getSetCookie;
    }
    const set = answer.headers.getSetCookie().map((line) => line.split("=", 1)[0]);
    deepSame(set, ["a", "stytch_session", "stytch_session_jwt"]);
  });

  test("returns a WebSocket upgrade, which cannot contain cookies, unchanged", async (t) => {
    const { session_jwt, session_token } = await t.logIn();
    const append = () => {
      throw new TypeError("Can't modify immutable headers.");
    };
    // The shape of a Worker's response to a WebSocket request. Not every runtime can construct one.
    const upgrade = { status: 101, headers: { getSetCookie: () => [], append, set: append } };
    // In Bun, a handler returns undefined after the server has upgraded the connection.
    for (const answer of [upgrade, undefined]) {
      const guarded = t.stytch.withSession(() => answer, { client: t.consumer(), max_token_age_seconds: 0 });
      same(await guarded(withCookies({ stytch_session_jwt: session_jwt, stytch_session: session_token })), answer);
    }
  });

  test("refreshes keys in the background, through the context's waitUntil", async (t) => {
    const { session_jwt } = await t.logIn();
    const config = t.fresh();
    await t.consumer(config).loadKeys();
    const background = [];
    const context = { waitUntil: (task) => background.push(task) };
    const guarded = t.stytch.withSession(() => new Response("in"), {
      client: () => t.consumer(config),
      clock_tolerance_seconds: 600,
    });
    const calls = await t.emulator.callsDuring(() =>
      t.later(550, async () => {
        same(await (await guarded(carrying(`Bearer ${session_jwt}`), {}, context)).text(), "in");
        same(background.length, 1);
        await background[0];
        await guarded(carrying(`Bearer ${session_jwt}`), {}, context);
        same(background.length, 1, "the keys are fresh after the refresh");
      }),
    );
    deepSame(calls, [`GET ${t.emulator.keySetPath("consumer")} 200 none`]);
  });

  test("clears the cookies of a revoked session, also with a custom `refused` response", async (t) => {
    const { session_token } = await t.logIn();
    await t.consumer().sessions.revoke({ session_token });
    const request = () => withCookies({ stytch_session: session_token });
    for (const refused of [undefined, () => new Response("out", { status: 401 })]) {
      const guarded = t.stytch.withSession(() => new Response("in"), { client: t.consumer(), max_token_age_seconds: 0, refused });
      const answer = await guarded(request());
      same(answer.status, 401);
      const cookies = answer.headers.getSetCookie();
      same(cookies.length, 2, String(cookies));
      for (const cookie of cookies) matches(cookie, /^stytch_session(_jwt)?=; .*Max-Age=0/);
    }
  });

  test("keeps the cookies of a log-out if the session was refreshed before the handler ran", async (t) => {
    const { session_jwt, session_token } = await t.logIn();
    const client = t.consumer();
    const logOut = () => new Response("out", { headers: client.clearSessionHeaders() });
    const request = () => withCookies({ stytch_session_jwt: session_jwt, stytch_session: session_token });
    const guarded = t.stytch.withSession(logOut, { client, max_token_age_seconds: 0 });
    const app = new t.hono.Hono();
    app.get("/out", t.hono.authenticated(client, { max_token_age_seconds: 0 }), logOut);
    const answers = [await guarded(request()), await app.request("/out", request())];
    for (const answer of answers) {
      deepSame(answer.headers.getSetCookie(), client.clearSessionHeaders().getSetCookie());
      same(answer.headers.get("cache-control"), "no-store");
    }
  });

  test("calls a Hono handler only for requests with a session", async (t) => {
    const { session_jwt, session, session_token } = await t.logIn();
    const { Hono, authenticated } = t.hono;
    const app = new Hono();
    app.use("/private/*", authenticated((context) => (same(context.env.name, "env"), t.consumer())));
    app.get("/private/me", (context) => context.json([context.get("session").user_id, context.get("verdict").via]));
    app.get("/fresh", authenticated(t.consumer(), { max_token_age_seconds: 0 }), (context) => context.text("in"));
    app.get("/fails", authenticated(t.consumer(), { max_token_age_seconds: 0 }), () => {
      throw new Error("the handler failed");
    });
    const refused = ({ reason }, context) => context.text(reason, 418);
    app.get("/own", authenticated(t.consumer(), { refused }), (context) => context.text("in"));
    const ask = (path, headers) => app.request(path, { headers }, { name: "env" });

    const authorization = `Bearer ${session_jwt}`;
    const [user, via] = await (await ask("/private/me", { authorization })).json();
    same(user, session.user_id);
    ok(["local", "cache"].includes(via), via);
    const anonymous = await ask("/private/me", {});
    deepSame([anonymous.status, (await anonymous.json()).reason], [401, "no_credentials"]);
    const cookie = `stytch_session_jwt=${session_jwt}; stytch_session=${session_token}`;
    for (const [path, status] of [["/fresh", 200], ["/fails", 500]]) {
      const answer = await quietly(() => ask(path, { cookie }));
      deepSame([answer.status, answer.headers.getSetCookie().length], [status, 2], path);
      same(answer.headers.get("cache-control"), "no-store");
    }
    for (const hidden of hiding({ required_claims: { plan: "gold" } })) {
      same((await failure(() => authenticated(t.consumer(), hidden))).code, "invalid_argument");
    }
    const own = await ask("/own", {});
    deepSame([own.status, await own.text()], [418, "no_credentials"]);
  });

  test("verifies without a secret, and requests only the key set", async (t) => {
    const { session_jwt, session } = await t.logIn();
    const { project_id } = t.config();
    const { SessionVerifier } = t.verify;
    const verifier = new SessionVerifier({ project_id, ...t.fresh() });
    const early = await failure(() => verifier.authenticateJwtLocalSync({ session_jwt }));
    same(early.code, "jwks_unavailable");
    const calls = await t.emulator.callsDuring(async () => {
      same((await verifier.authenticateJwtLocal({ session_jwt })).session_id, session.session_id);
      same(verifier.authenticateJwtLocalSync({ session_jwt }).session_id, session.session_id);
      const verdict = await verifier.authenticateRequest(carrying(`Bearer ${session_jwt}`));
      deepSame([verdict.status, verdict.session.session_id], ["authenticated", session.session_id]);
      const old = await verifier.authenticateRequest(carrying(`Bearer ${session_jwt}`), { max_token_age_seconds: 0 });
      deepSame([old.status, old.reason], ["unauthenticated", "too_old"]);
    });
    deepSame(calls, [`GET ${t.emulator.keySetPath("consumer")} 200 none`]);
  });

  test("has a SessionVerifier in both entries, with a wasm and with keys of its own, and shares the errors", async (t) => {
    const { session_jwt } = await t.logIn();
    const config = { project_id: t.config().project_id, ...t.fresh() };
    const [ours, clients] = [t.verify, t.stytch].map(({ SessionVerifier }) => new SessionVerifier(config));
    await ours.authenticateJwtLocal({ session_jwt });
    const error = await failure(() => clients.authenticateJwtLocalSync({ session_jwt }));
    same(error.code, "jwks_unavailable");
    same(error instanceof t.verify.ClientError && t.verify.ClientError === t.stytch.ClientError, true);
    await clients.authenticateJwtLocal({ session_jwt });
    same(clients.authenticateJwtLocalSync({ session_jwt }).user_id, ours.authenticateJwtLocalSync({ session_jwt }).user_id);
  });

  test("verifies only members' tokens if product is b2b", async (t) => {
    const { session_jwt, member_id } = await t.logInMember();
    const user = await t.logIn();
    const { project_id } = t.config("b2b");
    const verifier = new t.stytch.SessionVerifier({ project_id, product: "b2b", ...t.fresh() });
    const verdict = await verifier.authenticateRequest(carrying(`Bearer ${session_jwt}`));
    same(verdict.member_session.member_id, member_id);
    const other = new t.stytch.SessionVerifier({ project_id, product: "b2b", ...t.fresh() });
    const crossing = await other.authenticateRequest(carrying(`Bearer ${user.session_jwt}`));
    deepSame([crossing.status, crossing.reason], ["unauthenticated", "unknown_key"]);
  });

  test("refuses a secret, and options that need one, in a SessionVerifier", async (t) => {
    const { project_id, secret } = t.config();
    const { SessionVerifier, ClientError } = t.verify;
    const refusedWith = async (config, ask = () => {}) => {
      const error = await failure(async () => ask(new SessionVerifier(config)));
      ok(error instanceof ClientError, "the error is a ClientError");
      ok(!error.message.includes(secret), "the message does not contain the secret");
      return error.code;
    };
    same(await refusedWith({ project_id, secret }), "invalid_argument");
    same(await refusedWith({}), "invalid_argument");
    same(await refusedWith({ project_id, product: "saml_shield" }), "invalid_argument");
    same(await refusedWith({ project_id, remote_fallback: "always" }), "invalid_argument");
    const { session_jwt } = await t.logIn();
    const config = { project_id, ...t.fresh() };
    const request = carrying(`Bearer ${session_jwt}`);
    const remote_fallback = "stale";
    same(await refusedWith(config, (its) => its.authenticateRequest(request, { remote_fallback })), "invalid_argument");
    const authorization_check = { resource_id: "documents", action: "read" };
    const calls = await t.emulator.callsDuring(async () => {
      const asked = (its) => its.authenticateRequest(request, { authorization_check });
      same(await refusedWith(config, asked), "invalid_argument");
    });
    deepSame(calls, [`GET ${t.emulator.keySetPath("consumer")} 200 none`]);
  });
};

/** Runs `step` without output of console.error. */
async function quietly(step) {
  const { error } = console;
  console.error = () => {};
  try {
    return await step();
  } finally {
    console.error = error;
  }
}
