// The comparison for session checks: valid tokens, refused tokens, and calls of the API.

import { refusedWith } from "./local-differences.mjs";
import { policies, question } from "./local-policies.mjs";
import { session } from "./local-tokens.mjs";
import { CLOSES } from "./scripted-server.mjs";

export const local = (name, token, options = {}, more = {}) => ({
  method: "sessions.authenticateJwtLocal",
  name,
  async call(client, sign, project) {
    const session_jwt = typeof token === "string" ? token : await sign({ kind: session(), ...token });
    const given = typeof options === "function" ? options(project) : options;
    return client.sessions.authenticateJwtLocal({ session_jwt, ...given });
  },
  ...more,
});

const remote = (name, token, options = {}, more = {}) => ({
  method: "sessions.authenticateJwt",
  name,
  async call(client, sign, project) {
    const session_jwt = await sign({ kind: session(), ...token });
    const given = typeof options === "function" ? options(project) : options;
    const { session_jwt: same, ...result } = await client.sessions.authenticateJwt({ session_jwt, ...given });
    return { ...result, same: same === session_jwt };
  },
  scene: () => ({
    ...policies(),
    "POST /v1/sessions/authenticate": { json: { status_code: 200, session_jwt: "fresh", session: {} } },
    "POST /v1/b2b/sessions/authenticate": { json: { status_code: 200, session_jwt: "fresh" } },
  }),
  ...more,
});

const lists = ({ result }) => ({ result: { ...result, roles: [] } });
const another = (token) => `${token.slice(0, -8)}AAAAAAAA`;

export const sessionRows = [
  local("a valid token", {}),
  local("custom claims", { claims: { plan: "gold", deep: [{ a: null }], scope: "read", späß: "\u{1f511}" } }),
  local("the base URL as issuer", { claims: ({ url }) => ({ iss: url }) }),
  local("an audience that is a string", { claims: ({ project_id }) => ({ aud: project_id }) }),
  local("several audiences", { claims: ({ project_id }) => ({ aud: ["else", project_id] }) }),
  local("expires_at from exp", { kind: session({ expires_at: undefined }) }),
  local("expires_at in another time zone", { kind: session({ expires_at: "2099-08-28T02:41:58.123456+02:00" }) }),
  local("a lower-case typ", { header: { typ: "jwt" } }),
  local("no roles", { kind: session({ roles: undefined }) }, {}, { differs: ["absent lists are empty lists", lists] }),
  local("expired", { claims: ({ now }) => ({ exp: now - 10 }) }),
  local(
    "expired, within the clock tolerance",
    { claims: ({ now }) => ({ exp: now - 10 }) },
    { clock_tolerance_seconds: 60 },
  ),
  local("not yet valid", { claims: ({ now }) => ({ nbf: now + 60 }) }),
  local("not yet valid, within the clock tolerance", { claims: ({ now }) => ({ nbf: now + 30 }) }, { clock_tolerance_seconds: 60 }),
  local("at another date", {}, ({ now }) => ({ current_date: new Date((now + 1000) * 1000) })),
  local("at an earlier date", {}, ({ now }) => ({ current_date: new Date((now - 1000) * 1000) })),
  local("younger than the maximum age", {}, { max_token_age_seconds: 60 }),
  local("older than the maximum age", { claims: ({ now }) => ({ iat: now - 61 }) }, { max_token_age_seconds: 60 }),
  local("a maximum age of 0", {}, { max_token_age_seconds: 0 }),
  local("a maximum age, without iat", { claims: { iat: undefined } }, { max_token_age_seconds: 60 }),
  local("no maximum age, without iat", { claims: { iat: undefined } }),
  local("another audience", { claims: { aud: ["project-test-else"] } }),
  local("no audience", { claims: { aud: undefined } }),
  local("another issuer", { claims: { iss: "stytch.com/project-test-else" } }),
  local("an issuer with a trailing slash", { claims: ({ url }) => ({ iss: `${url}/` }) }),
  local("another signature", { broken: another }),
  local("another key", { header: { kid: "jwk-test-else" } }),
  local("no algorithm", { header: { alg: "none" } }),
  local("another type", { header: { typ: "at+jwt" } }),
  local("no token", ""),
  local("junk", "a.b.c"),
  local(
    "no exp",
    { claims: { exp: undefined } },
    {},
    { differs: ["a token must have exp", refusedWith("jwt_invalid")] },
  ),
  local(
    "no keys",
    {},
    {},
    {
      scene: ({ project_id, isB2b }) => ({
        [`GET /v1${isB2b ? "/b2b" : ""}/sessions/jwks/${project_id}`]: CLOSES,
      }),
      differs: ["an outage does not refuse a token", refusedWith("jwks_unavailable")],
    },
  ),
  local(
    "no session claim",
    { kind: () => ({}) },
    {},
    {
      differs: ["a missing claim causes a refusal", refusedWith("jwt_invalid")],
    },
  ),
  local(
    "a member's session with a consumer client",
    { kind: () => session()({ isB2b: true }) },
    {},
    {
      clients: ["Client"],
      differs: ["a token of another kind is refused", refusedWith("jwt_invalid")],
    },
  ),
  local(
    "a user's session with a B2B client",
    { kind: () => session()({ isB2b: false }) },
    {},
    {
      clients: ["B2BClient"],
      differs: ["a missing claim causes a refusal", refusedWith("jwt_invalid")],
    },
  ),
  local(
    "a clock tolerance that is a string",
    {},
    { clock_tolerance_seconds: "60" },
    {
      differs: ["options must have their documented types", refusedWith("invalid_argument")],
    },
  ),

  remote("a valid token", {}),
  remote(
    "a valid token, with arguments for the API",
    {},
    { session_duration_minutes: 60, session_custom_claims: { a: 1 } },
  ),
  remote("an expired token", { claims: { exp: 1 } }),
  remote("an expired token, with all arguments", { claims: { exp: 1 } }, (project) => ({
    session_duration_minutes: 60,
    session_custom_claims: { späß: [null] },
    authorization_check: question("documents", "write")(project),
    max_token_age_seconds: 30,
  })),
  remote("a maximum age of 0, with a duration", {}, { max_token_age_seconds: 0, session_duration_minutes: 5 }),
  remote("allowed", {}, (project) => ({ authorization_check: question("documents", "write")(project) })),
  remote("an action that the policy does not allow", {}, (project) => ({ authorization_check: question("documents", "burn")(project) })),
  remote(
    "a refusal of the API",
    { claims: { exp: 1 } },
    {},
    {
      scene: () => {
        const refused = {
          status: 404,
          json: { status_code: 404, error_type: "session_not_found", request_id: "r" },
        };
        return { "POST /v1/sessions/authenticate": refused, "POST /v1/b2b/sessions/authenticate": refused };
      },
    },
  ),
  remote(
    "no API",
    { claims: { exp: 1 } },
    {},
    {
      scene: () => ({
        "POST /v1/sessions/authenticate": CLOSES,
        "POST /v1/b2b/sessions/authenticate": CLOSES,
      }),
    },
  ),
];
