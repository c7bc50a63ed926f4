// The types of options: each option of each method refuses a value of another type, and the error names the option. The
// JSON form of the value does not matter. A lost value would omit a check.

import { failure, ok, same } from "./assert.js";
import { answering, makeSigner } from "./signer.js";

const noop = () => {};

/** Values that JSON omits, writes as null, or writes as a different value. */
const UNWRITABLE = [noop, Symbol("a"), 5n, NaN, -Infinity, new Map([["a", 1]]), Promise.resolve({}), /a/, new Uint8Array(1)];

/** Values of another type, and values that contain one. */
const WRONG = {
  seconds: ["1", true, -1, {}, [], [1], new Date()],
  date: ["tomorrow", 0, true, {}, [], [0], [null], new Date(NaN)],
  check: [
    "write",
    0,
    true,
    [],
    {},
    new Date(),
    { action: "write" },
    { action: noop, resource_id: "documents" },
    { action: ["write"], resource_id: "documents" },
    { action: "write", resource_id: NaN },
  ],
  claims: ["plan", 1, [], ["plan"], new Date(), { plan: noop }, { plan: NaN }, { plan: ["gold"] }, { plan: {} }, { plan: undefined }, { plan: 5n }],
  word: ["sometimes", 1, true, {}, [], ["never"], new Date()],
  number: ["60", true, {}, [], [60], new Date()],
  object: ["a", 1, true, [], [{}]],
  cookies: [
    "a=b",
    1,
    true,
    [],
    [["path", "/"]],
    new Date(),
    { path: noop },
    { path: 1 },
    { domain: ["example.com"] },
    { max_age_seconds: NaN },
    { max_age_seconds: "60" },
    { secure: "yes" },
    { http_only: {} },
    { same_site: "some" },
    { session_jwt: true },
    { session_token: new Date() },
    { unlisted: noop },
  ],
  audience: [1, true, "", [], [""], [1], [noop], [["a"]], {}, null, new Date()],
  required: ["a", 1, true, {}, [1], [noop], [NaN], [undefined], [["a"]], { length: 1 }, null, new Date()],
  scopes: ["a", 1, true, {}, [1], [noop], [NaN], [undefined], [["a"]], new Date()],
  text: ["", 1, true, {}, [], ["a"], new Date()],
  secret: ["", 1, true, {}, [], ["a"], new Date(), null],
  url: ["/a", "http://example.com", 1, true, {}, [], ["https://example.com"]],
  token: [1, true, {}, [], ["a"], new Date()],
  id: ["", 1, true, {}, [], ["a"], new Date(), null],
};

const TIMES = { clock_tolerance_seconds: "seconds", max_token_age_seconds: "seconds", current_date: "date" };
const LOCAL = { ...TIMES, authorization_check: "check" };
const REMOTE = { remote_fallback: "word", session_duration_minutes: "number" };
const SERVICE = { ...TIMES, audience: "audience", required_scopes: "required", realm: "text", resource_metadata_url: "url" };
const { current_date, ...WITHOUT_DATE } = TIMES;
const { max_token_age_seconds, ...WITHOUT_AGE } = LOCAL;
const CREDENTIALS = { client_id: "m2m-client-test-1", client_secret: "a-secret" };

/** Each method: the kinds of its options, a call with options, and "strict" if it refuses unknown names. */
const METHODS = {
  "client.authenticateRequest": [
    { ...LOCAL, ...REMOTE, required_claims: "claims", cookies: "cookies" },
    ({ client, request }, options) => client.authenticateRequest(request, options),
    "strict",
  ],
  "sessions.authenticateJwtLocal": [LOCAL, ({ client, session_jwt }, options) => client.sessions.authenticateJwtLocal({ session_jwt, ...options })],
  "sessions.authenticateJwtLocalSync": [
    LOCAL,
    ({ client, session_jwt }, options) => client.sessions.authenticateJwtLocalSync({ session_jwt, ...options }),
    "strict",
  ],
  "sessions.authenticateJwt": [
    { ...LOCAL, ...REMOTE, session_custom_claims: "object" },
    ({ client, session_jwt }, options) => client.sessions.authenticateJwt({ session_jwt, ...options }),
  ],
  "idp.introspectTokenLocal": [WITHOUT_AGE, ({ client, app }, options) => client.idp.introspectTokenLocal(app, options)],
  "idp.introspectTokenNetwork": [
    { authorization_check: "check" },
    ({ client, app: token }, options) => client.idp.introspectTokenNetwork({ token, client_id: "connected-app-test-1" }, options),
  ],
  "idp.authenticateRequest": [
    { ...SERVICE, authorization_check: "check", introspect: "word" },
    ({ client, app }, options) => client.idp.authenticateRequest(bearer(app), options),
    "strict",
  ],
  "m2m.authenticateRequest": [SERVICE, ({ client, machine }, options) => client.m2m.authenticateRequest(bearer(machine), options), "strict"],
  "m2m.authenticateToken": [
    { ...WITHOUT_DATE, required_scopes: "scopes" },
    ({ client, machine }, options) => client.m2m.authenticateToken({ access_token: machine, ...options }),
  ],
  "m2m.authenticateToken with a function": [
    { ...WITHOUT_DATE, required_scopes: "scopes" },
    ({ client, machine }, options) => client.m2m.authenticateToken({ access_token: machine, ...options }, () => true),
  ],
  "m2m.tokenProvider": [
    { client_id: "secret", client_secret: "secret", scopes: "scopes", refresh_ahead_seconds: "seconds" },
    ({ client }, options) => void client.m2m.tokenProvider({ ...CREDENTIALS, ...options }),
    "strict",
  ],
  "rbac.can": [{ authorization_check: "check" }, ({ client }, options) => client.rbac.can({ roles: [] }, options.authorization_check ?? PERMISSION)],
  "client.sessionHeaders": [
    { cookies: "cookies" },
    ({ client }, options) => client.sessionHeaders({ session_jwt: "a", session_token: "b" }, options),
    "strict",
  ],
  "client.sessionHeaders, the result": [
    { session_jwt: "token", session_token: "token" },
    ({ client }, options) => client.sessionHeaders({ session_jwt: "a", session_token: "b", ...options }),
  ],
  "client.clearSessionHeaders": [{ cookies: "cookies" }, ({ client }, options) => client.clearSessionHeaders(options), "strict"],
  "client.loadPolicies": [{ organization_id: "id" }, ({ member }, options) => member.loadPolicies(options)],
  "a call with authorization": [
    { authorization: "authorization" },
    ({ member }, options) => member.organizations.delete({ organization_id: "organization-test-1" }, options),
  ],
};

const PERMISSION = { action: "write", resource_id: "documents" };
WRONG.authorization = ["token", 1, true, [], ["x"], {}, new Date(), ...["session_token", "session_jwt"].flatMap((name) =>
  [noop, NaN, 5, {}, ["a"], ""].map((value) => ({ [name]: value })),
)];

const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });

/** A client with loaded keys and policies, and tokens of its project. */
async function ready(t) {
  const { jwk, sign } = await makeSigner();
  const policy = { roles: [], resources: [], scopes: [] };
  const fetch = answering(JSON.stringify({ keys: [jwk], policy, status_code: 200, request_id: "request-id-test-1" }));
  const [client, member] = [t.consumer({ ...t.fresh(), fetch }), t.b2b({ ...t.fresh(), fetch })];
  await client.loadKeys();
  await client.loadPolicies();
  const { project_id } = t.emulator.consumer;
  const registered = { aud: [project_id], iss: `stytch.com/${project_id}`, iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 300 };
  const token = (claims) => sign(JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid }), JSON.stringify({ ...registered, ...claims }));
  const session_jwt = await token({ "https://stytch.com/session": { id: "session-test-1" } });
  return {
    client,
    member,
    session_jwt,
    request: bearer(session_jwt),
    machine: await token({ sub: "m2m-client-test-1", scope: "read:a" }),
    app: await token({ sub: "user-test-1", client_id: "connected-app-test-1", scope: "read:a" }),
    sent: fetch,
  };
}

export default (test) => {
  for (const [method, [options, call, strict]] of Object.entries(METHODS)) {
    test(`${method} names an option of a wrong type`, async (t) => {
      const with_ = await ready(t);
      const sent = with_.sent.count;
      const refused = async (given, name, value = given[name]) => {
        const what = `${method} with ${name}: ${shown(value)}`;
        const error = await failure(async () => call(with_, given), what);
        same(error.code, "invalid_argument", `${what}: ${error}`);
        ok(error.message.includes(name), `${what}: the message names the option: ${error.message}`);
      };
      for (const [name, kind] of Object.entries(options)) {
        for (const value of [...WRONG[kind], ...UNWRITABLE]) await refused({ [name]: value }, name);
        const throwing = Object.defineProperty({}, name, { get: ouch, enumerable: true });
        // The calls of these methods spread the options, so the getter throws before the package is called.
        if (strict && !/Sync|tokenProvider/.test(method)) await refused(throwing, name, "a getter");
      }
      if (strict) for (const value of [1, null, undefined, noop]) await refused({ of_no_method: value }, "of_no_method");
      same(with_.sent.count, sent, "requests");
    });
  }

  // The tests of lost options cover the options whose absence weakens a check, of the methods that refuse them.
  test("treats an option that is null or undefined as absent, unless its absence weakens a check", async (t) => {
    const with_ = await ready(t);
    const refuse_null = ["client_id", "client_secret", "organization_id"];
    const weakening = ["audience", "required_scopes", "authorization_check", "required_claims", "max_token_age_seconds", "introspect"];
    for (const [method, [options, call, strict]] of Object.entries(METHODS)) {
      for (const name of Object.keys(options)) {
        // The requests of these methods have no usable response here.
        if (method === "a call with authorization" || method === "idp.introspectTokenNetwork") continue;
        if (strict && weakening.includes(name)) continue;
        if (!refuse_null.includes(name)) await call(with_, { [name]: null });
        if (!name.startsWith("client_")) await call(with_, { [name]: undefined });
      }
    }
  });

  test("accepts Infinity for max_token_age_seconds and refresh_ahead_seconds", async (t) => {
    const with_ = await ready(t);
    for (const method of ["client.authenticateRequest", "sessions.authenticateJwtLocal", "idp.authenticateRequest", "m2m.authenticateToken"]) {
      const [, call] = METHODS[method];
      same((await call(with_, { max_token_age_seconds: Infinity })).status ?? "authenticated", "authenticated", method);
    }
    with_.client.m2m.tokenProvider({ ...CREDENTIALS, refresh_ahead_seconds: Infinity });
  });

  test("reads each list, member and option once", async (t) => {
    const with_ = await ready(t);
    const reads = new Map();
    const counting = (of, values) =>
      new Proxy(values, {
        get(target, name) {
          if (typeof name === "string") reads.set(`${of}.${name}`, (reads.get(`${of}.${name}`) ?? 0) + 1);
          return target[name];
        },
      });
    const options = counting("options", {
      clock_tolerance_seconds: 1,
      current_date: new Date(),
      required_claims: counting("claims", { exp: true }),
      authorization_check: counting("check", PERMISSION),
      cookies: counting("cookies", { path: "/" }),
    });
    same((await with_.client.authenticateRequest(with_.request, options)).status, "forbidden");
    const services = counting("service", { audience: counting("list", ["a"]), required_scopes: ["read:a"] });
    same((await with_.client.m2m.authenticateRequest(bearer(with_.machine), services)).reason, "wrong_audience");
    const twice = [...reads].filter(([name, count]) => count > 1 && !name.endsWith(".length"));
    ok(twice.length === 0, `${JSON.stringify(twice)} were read more than once`);
    ok(reads.has("check.action") && reads.has("cookies.path") && reads.has("claims.exp") && reads.has("list.0"), "every property was read");
  });
};

function ouch() {
  throw new Error("a getter that throws");
}

function shown(value) {
  try {
    return typeof value === "function" ? "a function" : `${String(value)} ${JSON.stringify(value)}`;
  } catch {
    return String(value);
  }
}
