// Options in objects of unusual kinds, options with unknown names, and options whose value was lost. In each case either
// the check that the option requests is made, wherever it is made, or the call is refused.

import { deepSame, failure, ok, same } from "./assert.js";
import { makeSigner } from "./signer.js";

const SESSION = "https://stytch.com/session";
const ORGANIZATION = "https://stytch.com/organization";
const CHECK = { resource_id: "documents", action: "write", organization_id: "organization-test-1" };
const OTHER = { resource_id: "other", action: "read", organization_id: "organization-test-2" };

/** The values in objects of unusual kinds. Where code of the object runs, it returns the values once, and others later. */
const KINDS = {
  "a class with getters": (values) => instance(once(values), {}),
  "a class with getters and toJSON": (values) => instance(once(values), { toJSON: () => OTHER }),
  "an inherited object": (values) => Object.create({ ...values }),
  "getters that are not enumerable": (values) => Object.defineProperties({}, getters(once(values))),
  "a toJSON": (values) => ({ ...values, toJSON: () => OTHER }),
  "a proxy": (values) => new Proxy({}, { get: (_, name) => (Object.hasOwn(values, name) ? values[name] : undefined) }),
  "a proxy that changes": (values) => {
    const next = once(values);
    return new Proxy({ ...values }, { get: (_, name) => (Object.hasOwn(values, name) ? next[name]() : undefined) });
  },
  "an inherited getter": (values) => Object.create(Object.defineProperties({}, getters(once(values)))),
};

/** For each name a function that returns the value at its first call, and the value of OTHER later. */
function once(values) {
  const functions = Object.create(null);
  for (const [name, value] of Object.entries(values)) {
    let reads = 0;
    functions[name] = () => ((reads += 1) === 1 ? value : OTHER[name]);
  }
  return functions;
}

const getters = (functions) => Object.fromEntries(Object.entries(functions).map(([name, get]) => [name, { get }]));

function instance(functions, methods) {
  class Its {}
  Object.defineProperties(Its.prototype, getters(functions));
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(Its.prototype, name, { value });
  return new Its();
}

/** A client of each product whose keys and policies are available, tokens of its project, and the requests to the API. */
async function ready(t) {
  const { jwk, sign } = await makeSigner();
  const role = (role_id) => ({ role_id, permissions: [{ resource_id: "documents", actions: [role_id] }] });
  const policy = { roles: [role("read"), role("write")], resources: [], scopes: [{ scope: "read:a", permissions: role("read").permissions }] };
  const sent = [];
  const fetch = async (url, { body }) => {
    const path = new URL(url).pathname;
    const isKnown = /jwks|rbac/.test(path);
    if (!isKnown) sent.push({ path, body: body?.startsWith("{") ? JSON.parse(body) : body });
    const answer = isKnown ? { keys: [jwk], policy, org_policy: { roles: [] } } : { error_type: "session_not_found" };
    const status = isKnown ? 200 : 404;
    return new Response(JSON.stringify({ status_code: status, request_id: "request-id-test-1", ...answer }), { status });
  };
  const [user, member] = [t.consumer({ ...t.fresh(), fetch }), t.b2b({ ...t.fresh(), fetch })];
  const now = Math.floor(Date.now() / 1000);
  const token = (client, claims) => {
    const { project_id } = t.emulator[client === user ? "consumer" : "b2b"];
    const registered = { aud: [project_id], iss: `stytch.com/${project_id}`, iat: now - 60, exp: now + 300 };
    return sign(JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid }), JSON.stringify({ ...registered, ...claims }));
  };
  const session = (client, more) =>
    token(client, {
      [SESSION]: { id: "session-test-1", roles: ["read"] },
      ...(client === member && { [ORGANIZATION]: { organization_id: "organization-test-1", slug: "acme" } }),
      ...more,
    });
  const machine = await token(user, { sub: "m2m-client-test-1", scope: "read:a" });
  const app = await token(user, { sub: "user-test-1", client_id: "connected-app-test-1", scope: "read:a" });
  const verifier = new t.verify.SessionVerifier({ project_id: t.emulator.consumer.project_id, ...t.fresh(), fetch });
  for (const client of [user, member, verifier]) await client.loadKeys();
  return { user, member, verifier, sent, session, machine, app, expired: { exp: now - 10 } };
}

const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });

/** The options whose absence weakens a check, with an accepted value for each. */
const SESSION_CHECKS = { authorization_check: { resource_id: "documents", action: "read" }, required_claims: { iss: true }, max_token_age_seconds: 3600 };
const SERVICE_CHECKS = { audience: undefined, required_scopes: ["read:a"], max_token_age_seconds: 3600 };
const APP_CHECKS = { ...SERVICE_CHECKS, authorization_check: { resource_id: "documents", action: "read" }, introspect: "never" };

/** The methods that npm stytch does not have, and their options whose absence weakens a check. */
const METHODS = {
  "Client.authenticateRequest": [({ user, jwt }, options) => user.authenticateRequest(bearer(jwt), options), SESSION_CHECKS],
  "B2BClient.authenticateRequest": [({ member, member_jwt }, options) => member.authenticateRequest(bearer(member_jwt), options), { ...SESSION_CHECKS, authorization_check: { ...CHECK, action: "read" } }],
  "SessionVerifier.authenticateRequest": [
    ({ verifier, jwt }, options) => verifier.authenticateRequest(bearer(jwt), options),
    { required_claims: { iss: true }, max_token_age_seconds: 3600 },
  ],
  "idp.authenticateRequest": [({ user, app }, options) => user.idp.authenticateRequest(bearer(app), options), APP_CHECKS],
  "m2m.authenticateRequest": [({ user, machine }, options) => user.m2m.authenticateRequest(bearer(machine), options), SERVICE_CHECKS],
  "sessions.authenticateJwtLocalSync": [
    ({ user, jwt: session_jwt }, options) => user.sessions.authenticateJwtLocalSync({ session_jwt, ...options }),
    { authorization_check: { resource_id: "documents", action: "read" }, max_token_age_seconds: 3600 },
  ],
  "SessionVerifier.authenticateJwtLocal": [
    ({ verifier, jwt: session_jwt }, options) => verifier.authenticateJwtLocal({ session_jwt, ...options }),
    { max_token_age_seconds: 3600 },
  ],
  withSession: [
    ({ user, jwt, stytch }, options) => stytch.withSession(() => new Response("in"), { client: user, ...options })(bearer(jwt)),
    SESSION_CHECKS,
  ],
};

export default (test) => {
  for (const [kind, made] of Object.entries(KINDS)) {
    test(`checks and sends the fields of an authorization_check that is ${kind}`, async (t) => {
      const with_ = await ready(t);
      const { user, member, sent, session, app, expired } = with_;
      await user.loadPolicies();
      await member.loadPolicies({ organization_id: "organization-test-1" });
      const check = () => ({ authorization_check: made(CHECK) });
      for (const [client, fields] of [[user, { resource_id: "documents", action: "write" }], [member, CHECK]]) {
        const own = () => ({ authorization_check: made(fields) });
        const [valid, old] = [await session(client), await session(client, expired)];
        same((await client.authenticateRequest(bearer(valid), own())).status, "forbidden");
        same((await failure(() => client.sessions.authenticateJwtLocal({ session_jwt: valid, ...own() }))).code, "invalid_permissions");
        same((await failure(async () => client.sessions.authenticateJwtLocalSync({ session_jwt: valid, ...own() }))).code, "invalid_permissions");
        same((await failure(() => client.sessions.authenticateJwt({ session_jwt: valid, remote_fallback: "never", ...own() }))).code, "invalid_permissions");
        deepSame(sent, [], "requests for a valid JWT");
        await client.authenticateRequest({ headers: { cookie: `stytch_session_jwt=${old}; stytch_session=a-session-token` } }, own());
        await failure(() => client.sessions.authenticateJwt({ session_jwt: old, ...own() }));
        await client.authenticateRequest({ headers: { cookie: "stytch_session=another-session-token" } }, own());
        same(sent.length, 3, "requests for sessions that the API authenticates");
        for (const { body } of sent) deepSame(body.authorization_check, fields);
        sent.length = 0;
      }
      const forbidden = await user.idp.authenticateRequest(bearer(app), check());
      deepSame([forbidden.status, forbidden.reason], ["forbidden", "invalid_permissions"]);
      same((await failure(() => user.idp.introspectTokenLocal(app, check()))).code, "invalid_permissions");
      ok(user.rbac.can({ roles: ["read"] }, made({ ...CHECK, action: "read" })), "the fields of the check are used");
      ok(!user.rbac.can({ roles: ["read"] }, made(CHECK)), "the fields of the check are used");
    });

    // Options refuse a toJSON as an unknown name.
    if (kind !== "a toJSON") test(`makes the checks of options that are ${kind}`, async (t) => {
      const { user, session, machine, app } = await ready(t);
      await user.loadPolicies();
      const jwt = bearer(await session(user));
      for (const [options, status, reason] of [
        [{ authorization_check: { resource_id: "documents", action: "write" } }, "forbidden", "invalid_permissions"],
        [{ required_claims: { plan: "gold" } }, "forbidden", "claim_mismatch"],
        [{ max_token_age_seconds: 30, remote_fallback: "never" }, "unauthenticated", "too_old"],
      ]) {
        const verdict = await user.authenticateRequest(jwt, made(options));
        deepSame([verdict.status, verdict.reason], [status, reason]);
      }
      for (const [its, token] of [[user.m2m, machine], [user.idp, app]]) {
        for (const [options, status, reason] of [
          [{ required_scopes: ["read:a", "write:a"] }, "forbidden", "missing_scopes"],
          [{ audience: "https://service.example" }, "unauthenticated", "wrong_audience"],
          [{ audience: ["https://service.example"] }, "unauthenticated", "wrong_audience"],
          [{ max_token_age_seconds: 30 }, "unauthenticated", "too_old"],
        ]) {
          const verdict = await its.authenticateRequest(bearer(token), made(options));
          deepSame([verdict.status, verdict.reason], [status, reason]);
        }
      }
    });

    if (kind !== "a toJSON") test(`sets the attributes of cookies options that are ${kind}`, async (t) => {
      const { user } = await ready(t);
      const cookies = made({ domain: "example.com", session_jwt: "own_jwt" });
      for (const headers of [user.clearSessionHeaders({ cookies }), t.consumer({ cookies: made({ domain: "example.com", session_jwt: "own_jwt" }) }).clearSessionHeaders()]) {
        const text = [...headers].map(([, value]) => value).join();
        if (headers.getSetCookie || text) ok(text.includes("own_jwt=") && text.includes("Domain=example.com"), text);
      }
    });

    // The names of claims are not known, so an object that lists none of its names requires nothing.
    if (kind !== "a proxy") test(`makes the checks of required_claims that are ${kind}, or refuses them`, async (t) => {
      const { user, session } = await ready(t);
      let verdict;
      try {
        verdict = await user.authenticateRequest(bearer(await session(user)), { required_claims: made({ plan: "gold" }) });
      } catch (error) {
        deepSame([error.code, error.message.includes("required_claims")], ["invalid_argument", true]);
        return;
      }
      same(verdict.reason, "claim_mismatch");
    });
  }

  test("reads the items of required_scopes and audience once", async (t) => {
    const { user, machine, app } = await ready(t);
    const list = (value, other) => {
      let reads = 0;
      return Object.defineProperty([], 0, { get: () => ((reads += 1) === 1 ? value : other), enumerable: true });
    };
    for (const [its, token] of [[user.m2m, machine], [user.idp, app]]) {
      same((await its.authenticateRequest(bearer(token), { required_scopes: list("write:a", "read:a") })).reason, "missing_scopes");
      same((await its.authenticateRequest(bearer(token), { audience: list("https://service.example", user.project_id) })).reason, "wrong_audience");
    }
    const error = await failure(() => user.m2m.authenticateToken({ access_token: machine, required_scopes: list("write:a", "read:a") }));
    deepSame([error.code, error.cause], ["missing_scopes", ["write:a"]]);
  });

  for (const [method, [call, checks]] of Object.entries(METHODS)) {
    test(`${method} refuses unknown options by name`, async (t) => {
      const with_ = await called(t);
      await call(with_, {});
      const unknown = ["authorization_checks", "required_claim", "scopes", "audiences", "required_scope", "maxTokenAgeSeconds", "toJSON", "__proto_"];
      for (const name of unknown) {
        for (const value of [["a"], undefined, null]) {
          const error = await failure(async () => call(with_, { [name]: value }), `${method} with ${name}`);
          same(error.code, "invalid_argument", String(error));
          ok(error.message.includes(`unknown option "${name}"`), error.message);
        }
      }
    });

    test(`${method} refuses undefined and null for options whose absence weakens a check`, async (t) => {
      const with_ = await called(t);
      for (const [name, accepted] of Object.entries(checks)) {
        if (accepted !== undefined) await call(with_, { [name]: accepted });
        for (const value of [undefined, null]) {
          const error = await failure(async () => call(with_, { [name]: value }), `${method} with ${name}: ${value}`);
          same(error.code, "invalid_argument", String(error));
          ok(error.message.includes(name), error.message);
        }
      }
      // The absence of these options weakens no check.
      const others = method.endsWith("Sync") ? {} : { realm: undefined };
      for (const name of ["clock_tolerance_seconds", "current_date", ...(method.startsWith("idp") || method.startsWith("m2m") ? Object.keys(others) : [])]) {
        await call(with_, { [name]: undefined });
      }
    });
  }

  test("refuses unknown and lost options of a class, and accepts its methods", async (t) => {
    const with_ = await called(t);
    class Options {
      get audiences() {
        return "https://service.example";
      }
    }
    class Lost {
      get audience() {
        return undefined;
      }
    }
    class Good {
      get required_scopes() {
        return ["write:a"];
      }
      describe() {}
    }
    const call = METHODS["m2m.authenticateRequest"][0];
    for (const [options, message] of [
      [new Options(), 'unknown option "audiences" of m2m.authenticateRequest'],
      [Object.create({ audiences: "a" }), 'unknown option "audiences" of m2m.authenticateRequest'],
      [new Lost(), "audience must be"],
      [Object.create({ audience: undefined }), "audience must be"],
    ]) {
      const error = await failure(() => call(with_, options), message);
      ok(error.code === "invalid_argument" && error.message.includes(message), error.message);
    }
    for (const options of [new Good(), Object.assign(new Good(), { audience: "https://service.example" }), { [Symbol("note")]: 1, required_scopes: ["write:a"] }]) {
      same((await call(with_, options)).status === "authenticated", false);
    }
  });

  test("refuses fields of an authorization_check that are undefined or null", async (t) => {
    const with_ = await called(t);
    for (const [call, names] of [
      [METHODS["Client.authenticateRequest"][0], ["resource_id", "action"]],
      [METHODS["idp.authenticateRequest"][0], ["resource_id", "action"]],
      [METHODS["B2BClient.authenticateRequest"][0], ["resource_id", "action", "organization_id"]],
    ]) {
      for (const name of names) {
        for (const value of [undefined, null]) {
          const error = await failure(() => call(with_, { authorization_check: { ...CHECK, [name]: value } }), name);
          ok(error.code === "invalid_argument" && error.message.includes("authorization_check"), String(error));
        }
      }
    }
  });

  test("refuses unknown options when a guard is created, and unknown parameters of loadPolicies", async (t) => {
    const { user, member } = await called(t);
    const handler = () => new Response("in");
    for (const [call, message] of [
      [() => t.stytch.withSession(handler, { client: user, authorization_checks: [] }), 'unknown option "authorization_checks" of authenticateRequest'],
      [() => t.stytch.withSession(handler, { client: () => user, scopes: ["a"] }), 'unknown option "scopes" of authenticateRequest'],
      // There is no Hono in Chromium.
      ...(t.hono ? [[() => t.hono.authenticated(user, { required_claim: {} }), 'unknown option "required_claim" of authenticateRequest']] : []),
      [() => member.loadPolicies({ organisation_id: "organization-test-1" }), 'unknown option "organisation_id" of loadPolicies'],
    ]) {
      const error = await failure(async () => call(), message);
      deepSame([error.code, error.message], ["invalid_argument", `invalid_argument: ${message}`]);
    }
  });

  test("keeps the tolerance of the methods that npm stytch has", async (t) => {
    const { user, jwt: session_jwt, machine: access_token, app } = await called(t);
    const lost = { authorization_check: undefined, max_token_age_seconds: undefined, required_scopes: undefined, of_no_method: 1 };
    same((await user.sessions.authenticateJwtLocal({ session_jwt, ...lost })).session_id, "session-test-1");
    same((await user.sessions.authenticateJwt({ session_jwt, ...lost })).session.session_id, "session-test-1");
    same((await user.idp.introspectTokenLocal(app, lost)).subject, "user-test-1");
    same((await user.m2m.authenticateToken({ access_token, ...lost })).client_id, "m2m-client-test-1");
  });

  test("refuses unknown options of a configuration by name", async (t) => {
    const { Client, B2BClient, SamlShieldClient, SessionVerifier } = t.stytch;
    const { project_id, secret } = t.emulator.consumer;
    const clients = [
      (more) => new Client({ project_id, secret, ...more }),
      (more) => new B2BClient({ project_id, secret, ...more }),
      (more) => Client.fromEnv({ STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret }, more),
      (more) => new SessionVerifier({ project_id, ...more }),
      (more) => new SamlShieldClient({ public_token: "public-token-test-1", ...more }),
      (more) => new Client(Object.assign(Object.create({ project_id }), { secret }, more)),
    ];
    for (const made of clients) {
      made({});
      for (const name of ["jwks_pined", "jwksUrl", "custom_base_uri", "max_entries", "max_pause_seconds", "toJSON"]) {
        for (const value of [true, undefined]) {
          const error = await failure(async () => made({ [name]: value }), name);
          same(error.code, "invalid_argument", String(error));
          ok(error.message.includes(`unknown option "${name}"`), error.message);
        }
      }
    }
    for (const [option, field] of [["token_cache", "max_entry"], ["refresh_limits", "unverified_refresh"], ["refresh_limits", "max_entries"]]) {
      const error = await failure(async () => clients[0]({ [option]: { [field]: 1 } }), field);
      ok(error.code === "invalid_argument" && error.message.includes(`unknown option "${field}"`) && error.message.includes(option), String(error));
    }
    class Config {
      project_id = project_id;
      secret = secret;
      get jwks_pined() {
        return true;
      }
    }
    same((await failure(async () => new Client(new Config()))).code, "invalid_argument");
  });

  test("refuses options of other kinds of clients instead of ignoring them", async (t) => {
    const { Client, B2BClient, SamlShieldClient, SessionVerifier } = t.stytch;
    const { project_id, secret } = t.emulator.consumer;
    for (const [made, name, value] of [
      [(more) => new Client({ project_id, secret, ...more }), "product", "b2b"],
      [(more) => new B2BClient({ project_id, secret, ...more }), "product", "consumer"],
      [(more) => new SessionVerifier({ project_id, ...more }), "public_token", "a"],
      [(more) => new SamlShieldClient({ public_token: "a", ...more }), "project_id", project_id],
      [(more) => new SamlShieldClient({ public_token: "a", ...more }), "secret", secret],
    ]) {
      const error = await failure(async () => made({ [name]: value }), name);
      ok(error.code === "not_supported" && error.message.includes(name), String(error));
    }
  });

  test("refuses a jwks_pinned that is undefined, and accepts other options that are undefined", async (t) => {
    const { project_id, secret } = t.emulator.consumer;
    const jwks = { keys: [] };
    for (const config of [{ jwks, jwks_pinned: undefined }, { jwks_pinned: undefined }, { jwks, jwks_pinned: null }, { jwks: undefined, jwks_pinned: true }]) {
      for (const made of [(more) => new t.stytch.Client({ secret, ...more }), (more) => new t.verify.SessionVerifier(more)]) {
        const error = await failure(async () => made({ project_id, ...config }));
        ok(error.code === "invalid_argument" && /jwks/.test(error.message), String(error));
      }
    }
    const names = ["env", "custom_base_url", "fraud_env", "timeout", "dispatcher", "fetch", "jwks", "jwks_url", "store", "cookies", "on_event", "wait_until", "token_cache", "remote_fallback", "isolated"];
    new t.stytch.Client({ project_id, secret, ...Object.fromEntries(names.map((name) => [name, undefined])) });
  });
};

/** As `ready`, with policies and valid JWTs of a user and a member. */
async function called(t) {
  const with_ = await ready(t);
  await with_.user.loadPolicies();
  await with_.member.loadPolicies({ organization_id: "organization-test-1" });
  const [jwt, member_jwt] = [await with_.session(with_.user), await with_.session(with_.member)];
  return { ...with_, jwt, member_jwt, stytch: t.stytch };
}
