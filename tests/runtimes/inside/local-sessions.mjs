// Session checks, side by side: good tokens, refused ones, and when the API is asked
// instead.

import { refusedWith } from "./local-differences.mjs";
import { policies, question } from "./local-policies.mjs";
import { session } from "./local-tokens.mjs";
import { HANGS_UP } from "./stand.mjs";

export const local = (name, token, options = {}, more = {}) => ({
  method: "sessions.authenticateJwtLocal",
  name,
  async call(client, sign, place) {
    const session_jwt = typeof token === "string" ? token : await sign({ kind: session(), ...token });
    const given = typeof options === "function" ? options(place) : options;
    return client.sessions.authenticateJwtLocal({ session_jwt, ...given });
  },
  ...more,
});

const remote = (name, token, options = {}, more = {}) => ({
  method: "sessions.authenticateJwt",
  name,
  async call(client, sign, place) {
    const session_jwt = await sign({ kind: session(), ...token });
    const given = typeof options === "function" ? options(place) : options;
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
  local("a good token", {}),
  local("custom claims", { claims: { plan: "gold", deep: [{ a: null }], scope: "read", späß: "\u{1f511}" } }),
  local("a base URL for issuer", { claims: ({ url }) => ({ iss: url }) }),
  local("one audience as text, or several", { claims: ({ project_id }) => ({ aud: project_id }) }),
  local("several audiences", { claims: ({ project_id }) => ({ aud: ["else", project_id] }) }),
  local("the end of the token for that of the session", { kind: session({ expires_at: undefined }) }),
  local("the end in another zone", { kind: session({ expires_at: "2099-08-28T02:41:58.123456+02:00" }) }),
  local("a type in small letters", { header: { typ: "jwt" } }),
  local("no roles", { kind: session({ roles: undefined }) }, {}, { differs: ["lists are lists", lists] }),
  local("expired", { claims: ({ now }) => ({ exp: now - 10 }) }),
  local(
    "expired, and tolerated",
    { claims: ({ now }) => ({ exp: now - 10 }) },
    { clock_tolerance_seconds: 60 },
  ),
  local("not yet valid", { claims: ({ now }) => ({ nbf: now + 60 }) }),
  local("nearly valid", { claims: ({ now }) => ({ nbf: now + 30 }) }, { clock_tolerance_seconds: 60 }),
  local("at another date", {}, ({ now }) => ({ current_date: new Date((now + 1000) * 1000) })),
  local("at a date before", {}, ({ now }) => ({ current_date: new Date((now - 1000) * 1000) })),
  local("young enough", {}, { max_token_age_seconds: 60 }),
  local("too old", { claims: ({ now }) => ({ iat: now - 61 }) }, { max_token_age_seconds: 60 }),
  local("always too old", {}, { max_token_age_seconds: 0 }),
  local("of no age", { claims: { iat: undefined } }, { max_token_age_seconds: 60 }),
  local("of no age, which nobody asks for", { claims: { iat: undefined } }),
  local("another audience", { claims: { aud: ["project-test-else"] } }),
  local("no audience", { claims: { aud: undefined } }),
  local("another issuer", { claims: { iss: "stytch.com/project-test-else" } }),
  local("an issuer with a slash", { claims: ({ url }) => ({ iss: `${url}/` }) }),
  local("another signature", { broken: another }),
  local("another key", { header: { kid: "jwk-test-else" } }),
  local("no algorithm", { header: { alg: "none" } }),
  local("another type", { header: { typ: "at+jwt" } }),
  local("no token", ""),
  local("junk", "a.b.c"),
  local(
    "no end",
    { claims: { exp: undefined } },
    {},
    { differs: ["a token ends", refusedWith("jwt_invalid")] },
  ),
  local(
    "no keys",
    {},
    {},
    {
      scene: ({ project_id, isB2b }) => ({
        [`GET /v1${isB2b ? "/b2b" : ""}/sessions/jwks/${project_id}`]: HANGS_UP,
      }),
      differs: ["an outage is no verdict", refusedWith("jwks_unavailable")],
    },
  ),
  local(
    "no session in it",
    { kind: () => ({}) },
    {},
    {
      differs: ["a claim that is missing is a verdict", refusedWith("jwt_invalid")],
    },
  ),
  local(
    "a member's session for a user",
    { kind: () => session()({ isB2b: true }) },
    {},
    {
      clients: ["Client"],
      differs: ["tokens of different kinds do not stand in for each other", refusedWith("jwt_invalid")],
    },
  ),
  local(
    "a user's session for a member",
    { kind: () => session()({ isB2b: false }) },
    {},
    {
      clients: ["B2BClient"],
      differs: ["a claim that is missing is a verdict", refusedWith("jwt_invalid")],
    },
  ),
  local(
    "a tolerance that is a text",
    {},
    { clock_tolerance_seconds: "60" },
    {
      differs: ["options are what they are documented to be", refusedWith("invalid_argument")],
    },
  ),

  remote("a good token", {}),
  remote(
    "a good token, and what is for the API alone",
    {},
    { session_duration_minutes: 60, session_custom_claims: { a: 1 } },
  ),
  remote("an expired token", { claims: { exp: 1 } }),
  remote("an expired token, with everything", { claims: { exp: 1 } }, (place) => ({
    session_duration_minutes: 60,
    session_custom_claims: { späß: [null] },
    authorization_check: question("documents", "write")(place),
    max_token_age_seconds: 30,
  })),
  remote("of no age that is accepted", {}, { max_token_age_seconds: 0, session_duration_minutes: 5 }),
  remote("allowed", {}, (place) => ({ authorization_check: question("documents", "write")(place) })),
  remote("not allowed here", {}, (place) => ({ authorization_check: question("documents", "burn")(place) })),
  remote(
    "refused by the API too",
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
        "POST /v1/sessions/authenticate": HANGS_UP,
        "POST /v1/b2b/sessions/authenticate": HANGS_UP,
      }),
    },
  ),
];
