// Every kind of method that accepts the options of a call, with the arguments of a call that sends a request. Knows nothing
// about what the options do.

import { bearer, cookies } from "./credentials.js";

/**
 * The methods by name. `fetch` answers their requests. `repeated` is false if the request is unsafe to repeat. `shared` is
 * true if calls share a request in runtimes that let them.
 */
export const METHODS = {
  "users.get": { call: ({ client }, options) => client.users.get({ user_id: "user-test-1" }, options) },
  "users.search": { call: ({ client }, options) => client.users.search({ limit: 1 }, options) },
  "users.searchAll": { call: ({ client }, options) => client.users.searchAll({ limit: 1 }, options).next() },
  "users.create": { call: ({ client }, options) => client.users.create({ email: "ada@example.com" }, options), repeated: false },
  "organizations.members.search": { call: ({ b2b }, options) => b2b.organizations.members.search({ organization_ids: ["organization-test-1"] }, options) },
  "sessions.authenticate": { call: ({ client }, options) => client.sessions.authenticate({ session_token: "a" }, options) },
  "sessions.authenticateJwt": { call: ({ client, session_jwt }, options) => client.sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 0 }, options) },
  "sessions.authenticateJwtLocal": { call: ({ client, session_jwt }, options) => client.sessions.authenticateJwtLocal({ session_jwt }, options), shared: true },
  "idp.introspectTokenLocal": { call: ({ client, app_token }, options) => client.idp.introspectTokenLocal(app_token, options), shared: true },
  "idp.introspectTokenNetwork": { call: ({ client }, options) => client.idp.introspectTokenNetwork({ token: "a", client_id: "b" }, options) },
  "idp.authenticateRequest": { call: ({ client, app_token }, options) => client.idp.authenticateRequest(bearer(app_token), options), shared: true },
  "m2m.token": { call: ({ client }, options) => client.m2m.token({ client_id: "a", client_secret: "b" }, options), repeated: false },
  "m2m.authenticateToken": { call: ({ client, machine_token }, options) => client.m2m.authenticateToken({ access_token: machine_token }, undefined, options), shared: true },
  "m2m.authenticateRequest": { call: ({ client, machine_token }, options) => client.m2m.authenticateRequest(bearer(machine_token), options), shared: true },
  tokenProvider: { call: ({ client }, options) => client.m2m.tokenProvider({ client_id: "a", client_secret: "b" })(options), repeated: false, shared: true },
  loadKeys: { call: ({ client }, options) => client.loadKeys(options), shared: true },
  loadPolicies: { call: ({ client }, options) => client.loadPolicies(options), shared: true },
  exportKeys: { call: ({ client }, options) => client.exportKeys(options), shared: true },
  authenticateRequest: { call: ({ client }, options) => client.authenticateRequest(cookies("stytch_session=a"), options), shared: true },
  "SessionVerifier.authenticateRequest": { call: ({ verifier, session_jwt }, options) => verifier.authenticateRequest(bearer(session_jwt), options), shared: true },
  "SessionVerifier.authenticateJwtLocal": { call: ({ verifier, session_jwt }, options) => verifier.authenticateJwtLocal({ session_jwt }, options), shared: true },
  "SessionVerifier.loadKeys": { call: ({ verifier }, options) => verifier.loadKeys(options), shared: true },
};

/** Clients that share no state with others, with the configuration `more`, and tokens for them. */
export async function subjects(t, more) {
  const [base, config] = [t.fresh(), { isolated: true, ...more }];
  const { project_id } = t.config();
  const [session_jwt, app_token, machine_token] = await tokensOf(t);
  return {
    client: t.consumer({ ...base, ...config }),
    b2b: t.b2b({ ...base, ...config }),
    verifier: new t.verify.SessionVerifier({ project_id, ...base, ...config }),
    session_jwt,
    app_token,
    machine_token,
  };
}

async function tokensOf(t) {
  const aud = [t.config().project_id];
  tokens.has(t) ||
    tokens.set(
      t,
      Promise.all([
        t.emulator.token(),
        t.emulator.token({ kind: "connected_app", claims: { client_id: "connected-app-test-1", scope: "openid", aud } }),
        t.emulator.token({ kind: "m2m", claims: { scope: "read:a" } }),
      ]),
    );
  return tokens.get(t);
}

const tokens = new WeakMap();

/** A `fetch` that records its calls. `fetch.answer` answers them; without it, the calls never end. */
export function recording(answer) {
  const fetch = (url, init) => {
    fetch.calls.push({ url, init, at: Date.now() });
    return fetch.answer ? fetch.answer(url, init) : new Promise(() => {});
  };
  return Object.assign(fetch, { calls: [], answer });
}

/** A response with this status. */
export const unavailable = async (status = 503) => new Response(`{"status_code":${status},"error_type":"injected"}`, { status });
