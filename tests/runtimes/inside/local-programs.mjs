// Tokens of programs, side by side: traded for credentials, and checked here.

import { KINDS, MISSING, refusedWith } from "./local-differences.mjs";
import { app, machine, session } from "./local-tokens.mjs";

const program = (name, data = {}, token = {}, more = {}) => ({
  method: "m2m.authenticateToken",
  name,
  async call(client, sign) {
    const access_token = await sign({ kind: machine, ...token });
    return client.m2m.authenticateToken({ access_token, ...data }, ...(more.decides ?? []));
  },
  ...more,
});

const needs = (...required_scopes) => ({ required_scopes });

/** A decision that is part of the result, or of the error, by what it is given. */
const decides = (answer) => ({ decides: [(given) => answer(given)] });

const refusal = {
  status_code: 401,
  error: "invalid_client",
  error_description: "no",
  error_uri: "https://x",
};

export const programRows = [
  program("a good token"),
  program("custom claims", {}, { claims: { plan: "gold", deep: [{}] } }),
  program("one scope", {}, { kind: () => ({ scope: "a" }) }),
  program("no scope", {}, { kind: () => ({ scope: "" }) }),
  program("two spaces", {}, { kind: () => ({ scope: "a  b" }) }),
  program("a scope that it has", needs("read:users")),
  program("two scopes that it has", needs("write:users", "ping")),
  program("no scopes that it needs", needs()),
  program("a scope that it lacks", needs("read:users", "burn:users")),
  program("a resource that it lacks", needs("read:else")),
  program("any resource that it has", needs("all:else", "all:things")),
  program("any resource that it lacks", needs("read:*")),
  program("an action without its resource", needs("read")),
  program("a resource for what has none", needs("ping:users")),
  program("part of a scope", needs("rea")),
  program(
    "a scope with colons",
    needs("read:a:b"),
    { kind: () => ({ scope: "read:a:c" }) },
    {
      differs: ["a scope splits at its first colon", refusedWith("missing_scopes")],
    },
  ),
  program(
    "a decision of the caller's, yes",
    needs("burn"),
    {},
    decides(() => true),
  ),
  program(
    "a decision of the caller's, no",
    needs("ping"),
    {},
    decides(() => false),
  ),
  program(
    "a decision that comes later, no",
    needs("ping"),
    {},
    { ...decides(async () => false), differs: ["a later no is a no", refusedWith("missing_scopes")] },
  ),
  program(
    "a decision by what it is given",
    needs("x"),
    {},
    decides((given) => {
      throw Object.assign(new RangeError("given"), { code: JSON.stringify(given) });
    }),
  ),
  program(
    "a decision that nobody needs",
    {},
    {},
    decides(() => false),
  ),
  program("expired", {}, { claims: { exp: 1 } }),
  program(
    "expired, and tolerated",
    { clock_tolerance_seconds: 60 },
    { claims: ({ now }) => ({ exp: now - 10 }) },
  ),
  program("young enough", { max_token_age_seconds: 60 }),
  program("too old", { max_token_age_seconds: 60 }, { claims: ({ now }) => ({ iat: now - 100 }) }),
  program("always too old", { max_token_age_seconds: 0 }),
  program("another audience", {}, { claims: { aud: ["else"] } }),
  program("another issuer", {}, { claims: { iss: "stytch.com/else" } }),
  program("a base URL for issuer", {}, { claims: ({ url }) => ({ iss: url }) }),
  program("another signature", {}, { broken: (token) => `${token.slice(0, -8)}AAAAAAAA` }),
  program("junk", {}, { broken: () => "junk" }),
  program("a session", {}, { kind: session() }, { differs: [MISSING, refusedWith("jwt_invalid")] }),
  program(
    "a session with a scope",
    {},
    { kind: (place) => ({ ...session()(place), ...machine() }) },
    {
      differs: [KINDS, refusedWith("jwt_invalid")],
    },
  ),
  program("a Connected App's token", {}, { kind: app }, { differs: [KINDS, refusedWith("jwt_invalid")] }),
  program(
    "no keys",
    {},
    {},
    {
      scene: ({ project_id, isB2b }) => ({
        [`GET /v1${isB2b ? "/b2b" : ""}/sessions/jwks/${project_id}`]: { status: 500, json: {} },
      }),
      differs: ["an outage is no verdict", refusedWith("jwks_unavailable")],
    },
  ),
  {
    method: "m2m.token",
    name: "scopes, and none",
    scene: ({ project_id }) => ({
      [`POST /v1/public/${project_id}/oauth2/token`]: {
        json: { access_token: "t", expires_in: 3600, status_code: 200 },
      },
    }),
    call: async (client) => {
      const own = { client_id: "c", client_secret: "s +&é" };
      const scopes = [["a", "b:c"], [], undefined, ["one"]];
      return Promise.all(scopes.map((scopes) => client.m2m.token({ ...own, scopes })));
    },
  },
  {
    method: "m2m.token",
    name: "refused",
    scene: ({ project_id }) => ({
      [`POST /v1/public/${project_id}/oauth2/token`]: { status: 401, json: refusal },
    }),
    call: (client) => client.m2m.token({ client_id: "c", client_secret: "s" }),
  },
];
