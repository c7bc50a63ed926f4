// Properties of `Object.prototype`, of this realm and of others: none of them is an option. A page or a dependency that
// sets one must not move the clock, choose the API's host, or remove a check.

import { OPTION_NAMES } from "./option_names.js";
import { deepSame, failure, ok, same } from "./assert.js";
import { makeSigner } from "./signer.js";

const SESSION = "https://stytch.com/session";
const PROJECT = { project_id: "project-test-prototypes", secret: "secret-test-prototypes" };

/** The members of the package's own tables. */
const TABLE_NAMES = ["in", "type", "at_least", "below", "whole", "one_of", "accepted", "unsupported_by"];

/** A value for each type of option. An object and a list that are empty would be options without requirements. */
const VALUES = [1e9, "https://elsewhere.example/", [], { keys: [], get: async () => null, put: async () => {} }, async () => new Response("{}")];

/** Tokens of the project, and answers for its requests, which record the URL and the parts of a request. */
async function recorded() {
  const { jwk, sign } = await makeSigner();
  const now = Math.floor(Date.now() / 1000);
  const token = (claims) => {
    const registered = { aud: [PROJECT.project_id], iss: `stytch.com/${PROJECT.project_id}`, iat: now - 60, exp: now + 3000 };
    return sign(JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid }), JSON.stringify({ ...registered, ...claims }));
  };
  const role = { role_id: "reader", permissions: [{ resource_id: "documents", actions: ["read"] }] };
  const answer = JSON.stringify({ keys: [jwk], policy: { roles: [role], resources: [], scopes: [] }, access_token: "a", expires_in: 60, status_code: 200, request_id: "r" });
  const own = { id: "session-test-1", roles: ["reader"] };
  const sent = [];
  const fetch = async (url, init) => {
    const { method, headers, body, redirect, dispatcher } = init;
    sent.push([url, method, Object.entries(headers).join(), body ?? null, redirect, dispatcher ?? null]);
    return new Response(answer);
  };
  const tokens = {
    valid: await token({ [SESSION]: own }),
    expired: await token({ [SESSION]: own, exp: now - 600 }),
    machine: await token({ sub: "m2m-client-test-1", scope: "read:a" }),
    app: await token({ sub: "user-test-1", client_id: "connected-app-test-1", scope: "read:a" }),
  };
  return { fetch, sent, tokens };
}

/** What the package decides, sends and returns, as text. */
async function observed({ stytch, verify }, { sent, tokens }) {
  sent.length = 0;
  const found = [];
  const note = async (call) => {
    try {
      const result = await call();
      found.push(result instanceof Headers ? [...result] : result?.status ? [result.status, result.reason, [...result.headers]] : (result ?? null));
    } catch (error) {
      found.push([error.name, error.code ?? null, error.reason ?? null]);
    }
  };
  const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });
  const cookie = (text) => ({ headers: { cookie: text } });
  const client = new stytch.Client({ ...PROJECT, isolated: true });
  const { sessions, idp, m2m, rbac } = client;
  const { valid, expired, machine, app } = tokens;
  for (const options of [
    undefined,
    {},
    { required_claims: { plan: "gold" } },
    { authorization_check: { resource_id: "documents", action: "write" } },
    { authorization_check: { resource_id: "documents", action: "read" } },
    { max_token_age_seconds: 30, remote_fallback: "never" },
  ]) {
    await note(() => client.authenticateRequest(bearer(valid), options));
  }
  await note(() => client.authenticateRequest(bearer(valid), { authorization_check: {} }));
  await note(() => client.authenticateRequest(bearer(expired), { remote_fallback: "never" }));
  await note(() => client.authenticateRequest(cookie(`stytch_session_jwt=${expired}; stytch_session=a-session-token`)));
  await note(() => client.authenticateRequest(cookie(`own_jwt=${valid}`), { cookies: { session_jwt: "own_jwt" } }));
  await note(() => sessions.authenticateJwtLocal({ session_jwt: expired }));
  await note(() => sessions.authenticateJwtLocalSync({ session_jwt: expired }));
  await note(() => sessions.authenticateJwt({ session_jwt: expired }));
  await note(() => idp.introspectTokenLocal(app));
  await note(() => m2m.authenticateToken({ access_token: machine, required_scopes: ["write:a"] }));
  for (const [its, token] of [[m2m, machine], [idp, app]]) {
    for (const options of [undefined, {}, { audience: "https://service.example" }, { required_scopes: ["write:a"] }]) {
      await note(() => its.authenticateRequest(bearer(token), options));
    }
  }
  await note(() => rbac.can({ roles: [] }, { resource_id: "documents", action: "read" }));
  await note(() => m2m.tokenProvider({ client_id: "c", client_secret: "s" })());
  await note(() => client.sessionHeaders({ session_jwt: "a", session_token: "b" }));
  await note(() => client.clearSessionHeaders({ cookies: {} }));
  await note(() => idp.protectedResourceMetadata({ resource: "https://service.example/", authorization_servers: ["https://issuer.example/"] }));
  await note(async () => (await client.users.create({ email: "ada@example.com" })).status_code);
  await note(async () => (await client.users.get({ user_id: "user-test-1" })).status_code);
  await note(async () => (await stytch.withSession(() => new Response("in"), { client })(bearer(expired))).status);
  await note(async () => (await stytch.Client.fromEnv({ STYTCH_PROJECT_ID: PROJECT.project_id, STYTCH_SECRET: "s" }).debug.whoami()).status_code);
  const verifier = new verify.SessionVerifier({ project_id: PROJECT.project_id, isolated: true });
  await note(() => verifier.authenticateRequest(bearer(valid)));
  await note(() => verifier.authenticateRequest(bearer(expired)));
  await note(async () => (await new stytch.SamlShieldClient({ public_token: "p" }).saml.validate({ SAMLResponse: "a" })).status_code);
  return JSON.stringify([found, sent]);
}

/** Calls `step` while the global `fetch` is another one. */
async function withFetch(fetch, step) {
  const before = globalThis.fetch;
  globalThis.fetch = fetch;
  try {
    return await step();
  } finally {
    globalThis.fetch = before;
  }
}

export default (test) => {
  test("ignores options on Object.prototype, in every call and constructor", async (t) => {
    const given = await recorded();
    ok(OPTION_NAMES.length > 60, "the list has the options");
    await withFetch(given.fetch, async () => {
      const expected = await observed(t, given);
      same(await observed(t, given), expected, "a second observation");
      for (const name of [...OPTION_NAMES, ...TABLE_NAMES]) {
        for (const value of VALUES) {
          let found;
          Object.prototype[name] = value;
          try {
            found = await observed(t, given);
          } finally {
            delete Object.prototype[name];
          }
          if (found !== expected) throw new Error(`Object.prototype.${name} = ${JSON.stringify(value)}: ${difference(found, expected)}`);
        }
      }
    });
  });

  test("ignores options on the Object.prototype of another realm", async (t) => {
    const given = await recorded();
    const root = Object.create(null, Object.getOwnPropertyDescriptors(Object.prototype));
    const foreign = (values) => Object.assign(Object.create(root), values);
    const { valid, expired, machine } = given.tokens;
    const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });
    await withFetch(given.fetch, async () => {
      for (const name of OPTION_NAMES) {
        for (const value of VALUES) {
          root[name] = value;
          const client = new t.stytch.Client(foreign({ ...PROJECT, isolated: true }));
          const found = [
            await client.authenticateRequest(bearer(valid), foreign({ required_claims: foreign({ plan: "gold" }) })),
            await client.authenticateRequest(bearer(expired), foreign({ remote_fallback: "never" })),
            await client.m2m.authenticateRequest(bearer(machine), foreign({ audience: "https://service.example" })),
            await client.m2m.authenticateRequest(bearer(machine), foreign({})),
          ];
          const sent = given.sent.splice(0).map(([url]) => url);
          const what = `${name} = ${JSON.stringify(value)}`;
          deepSame(found.map(({ reason }) => reason ?? "accepted"), ["claim_mismatch", "expired", "wrong_audience", "accepted"], what);
          deepSame(sent, [`https://test.stytch.com/v1/sessions/jwks/${PROJECT.project_id}`], what);
          same((await failure(() => client.sessions.authenticateJwtLocal(foreign({ session_jwt: expired })))).reason, "expired", what);
          delete root[name];
        }
      }
    });
  });
};

/** The first place at which two texts differ. */
function difference(found, expected) {
  let at = 0;
  while (found[at] === expected[at]) at += 1;
  return `expected …${expected.slice(Math.max(0, at - 80), at + 200)}, found …${found.slice(Math.max(0, at - 80), at + 200)}`;
}
