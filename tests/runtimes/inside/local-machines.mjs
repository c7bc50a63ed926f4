// The comparison for M2M tokens: the exchange of credentials, and local checks.

import { KINDS, MISSING, refusedWith } from "./local-differences.mjs";
import { app, machine, session } from "./local-tokens.mjs";

const machineRow = (name, data = {}, token = {}, more = {}) => ({
  method: "m2m.authenticateToken",
  name,
  async call(client, sign) {
    const access_token = await sign({ kind: machine, ...token });
    return client.m2m.authenticateToken({ access_token, ...data }, ...(more.decides ?? []));
  },
  ...more,
});

const needs = (...required_scopes) => ({ required_scopes });

/** The caller's function for the decision, whose arguments become part of the outcome. */
const decides = (answer) => ({ decides: [(given) => answer(given)] });

const refusal = {
  status_code: 401,
  error: "invalid_client",
  error_description: "no",
  error_uri: "https://x",
};

export const machineRows = [
  machineRow("a valid token"),
  machineRow("custom claims", {}, { claims: { plan: "gold", deep: [{}] } }),
  machineRow("one scope", {}, { kind: () => ({ scope: "a" }) }),
  machineRow("no scope", {}, { kind: () => ({ scope: "" }) }),
  machineRow("scopes with two spaces between", {}, { kind: () => ({ scope: "a  b" }) }),
  machineRow("a scope that the token has", needs("read:users")),
  machineRow("two scopes that the token has", needs("write:users", "ping")),
  machineRow("an empty list of required scopes", needs()),
  machineRow("a missing scope", needs("read:users", "burn:users")),
  machineRow("a missing resource", needs("read:else")),
  machineRow("a wildcard resource that the token has", needs("all:else", "all:things")),
  machineRow("a required wildcard that the token lacks", needs("read:*")),
  machineRow("an action without its resource", needs("read")),
  machineRow("a resource for a scope without a resource", needs("ping:users")),
  machineRow("part of a scope", needs("rea")),
  machineRow(
    "a scope with colons",
    needs("read:a:b"),
    { kind: () => ({ scope: "read:a:c" }) },
    {
      differs: ["a scope splits at its first colon", refusedWith("missing_scopes")],
    },
  ),
  machineRow(
    "a caller's function that returns true",
    needs("burn"),
    {},
    decides(() => true),
  ),
  machineRow(
    "a caller's function that returns false",
    needs("ping"),
    {},
    decides(() => false),
  ),
  machineRow(
    "a caller's function that resolves to false",
    needs("ping"),
    {},
    { ...decides(async () => false), differs: ["an asynchronous refusal is a refusal", refusedWith("missing_scopes")] },
  ),
  machineRow(
    "the arguments of a caller's function",
    needs("x"),
    {},
    decides((given) => {
      throw Object.assign(new RangeError("given"), { code: JSON.stringify(given) });
    }),
  ),
  machineRow(
    "a caller's function without required scopes",
    {},
    {},
    decides(() => false),
  ),
  machineRow("expired", {}, { claims: { exp: 1 } }),
  machineRow(
    "expired, within the clock tolerance",
    { clock_tolerance_seconds: 60 },
    { claims: ({ now }) => ({ exp: now - 10 }) },
  ),
  machineRow("younger than the maximum age", { max_token_age_seconds: 60 }),
  machineRow("older than the maximum age", { max_token_age_seconds: 60 }, { claims: ({ now }) => ({ iat: now - 100 }) }),
  machineRow("a maximum age of 0", { max_token_age_seconds: 0 }),
  machineRow("another audience", {}, { claims: { aud: ["else"] } }),
  machineRow("another issuer", {}, { claims: { iss: "stytch.com/else" } }),
  machineRow("the base URL as issuer", {}, { claims: ({ url }) => ({ iss: url }) }),
  machineRow("another signature", {}, { broken: (token) => `${token.slice(0, -8)}AAAAAAAA` }),
  machineRow("a malformed token", {}, { broken: () => "junk" }),
  machineRow("a session", {}, { kind: session() }, { differs: [MISSING, refusedWith("jwt_invalid")] }),
  machineRow(
    "a session with a scope",
    {},
    { kind: (project) => ({ ...session()(project), ...machine() }) },
    {
      differs: [KINDS, refusedWith("jwt_invalid")],
    },
  ),
  machineRow("a Connected App's token", {}, { kind: app }, { differs: [KINDS, refusedWith("jwt_invalid")] }),
  machineRow(
    "no keys",
    {},
    {},
    {
      scene: ({ project_id, isB2b }) => ({
        [`GET /v1${isB2b ? "/b2b" : ""}/sessions/jwks/${project_id}`]: { status: 500, json: {} },
      }),
      differs: ["an outage does not refuse a token", refusedWith("jwks_unavailable")],
    },
  ),
  {
    method: "m2m.token",
    name: "with and without scopes",
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
