// Every kind of token with every check of both clients. The keys of the client's own project
// sign every token, so only the kind of a token is wrong.

import { deepSame, ok, same } from "./assert.js";

const SESSION = "https://stytch.com/session";
const ORGANIZATION = "https://stytch.com/organization";

const session = { id: "session-test-1" };
const organization = { organization_id: "organization-test-1", slug: "acme" };
const app = { client_id: "connected-app-test-1", scope: "openid", [SESSION]: null };

/** The claims of each kind of token, and the clients that accept it. */
const KINDS = {
  "session of a user": { kind: "session", clients: ["consumer"], claims: { [SESSION]: session, [ORGANIZATION]: null } },
  "session of a member": { kind: "session", clients: ["b2b"], claims: { [SESSION]: session, [ORGANIZATION]: organization } },
  "Connected App of a user": { kind: "app", clients: ["consumer"], claims: { ...app, [ORGANIZATION]: null } },
  "Connected App of a member": { kind: "app", clients: ["b2b"], claims: { ...app, [ORGANIZATION]: organization } },
  "M2M client": { kind: "m2m", clients: ["consumer", "b2b"], claims: { scope: "openid", [SESSION]: null, [ORGANIZATION]: null } },
};

const bearer = (token) => new Request("https://mcp.example.com", { headers: { Authorization: `Bearer ${token}` } });

/** Throws unless the verdict is "authenticated". */
async function thrown(verdict) {
  const { status, reason } = await verdict;
  if (status !== "authenticated") throw Object.assign(new Error(status), { reason });
}

const client_id = app.client_id;

/** Every check of a token, and the kind of token that it accepts. */
const CHECKS = {
  authenticateJwtLocal: ["session", ({ sessions }, session_jwt) => sessions.authenticateJwtLocal({ session_jwt })],
  authenticateJwtLocalSync: ["session", ({ sessions }, session_jwt) => sessions.authenticateJwtLocalSync({ session_jwt })],
  authenticateJwt: ["session", ({ sessions }, session_jwt) => sessions.authenticateJwt({ session_jwt })],
  authenticateRequest: ["session", (client, token) => thrown(client.authenticateRequest(bearer(token)))],
  introspectTokenLocal: ["app", ({ idp }, token) => idp.introspectTokenLocal(token)],
  introspectTokenNetwork: ["app", ({ idp }, token) => idp.introspectTokenNetwork({ token, client_id })],
  "idp.authenticateRequest": ["app", ({ idp }, token) => thrown(idp.authenticateRequest(bearer(token)))],
  "idp.authenticateRequest with introspection": [
    "app",
    ({ idp }, token) => thrown(idp.authenticateRequest(bearer(token), { introspect: "always" })),
  ],
  authenticateToken: ["m2m", ({ m2m }, access_token) => m2m.authenticateToken({ access_token })],
  "m2m.authenticateRequest": ["m2m", ({ m2m }, token) => thrown(m2m.authenticateRequest(bearer(token)))],
};

/** Checks that ask the API about a token of another kind. The API chooses the reason. */
const REMOTE = ["authenticateJwt", "introspectTokenNetwork"];

export default (test) => {
  for (const product of ["consumer", "b2b"]) {
    test(`refuses every token of another kind with a ${product} client`, async (t) => {
      const client = t[product]();
      await client.loadKeys();
      const [accepted, expected, refused] = [[], [], []];
      for (const [name, { kind, clients, claims }] of Object.entries(KINDS)) {
        const token = await t.emulator.token({ product, claims });
        for (const [check, [wanted, ask]] of Object.entries(CHECKS)) {
          if (kind === wanted && clients.includes(product)) expected.push(`${name} at ${check}`);
          try {
            await ask(client, token);
            accepted.push(`${name} at ${check}`);
          } catch (error) {
            ok(REMOTE.includes(check) || error.reason === "wrong_token_kind", `${name} at ${check}: ${error} ${error.reason}`);
            refused.push(check);
          }
        }
      }
      deepSame(accepted, expected);
      deepSame([accepted.length, refused.length], [10, 40]);
    });

    test(`refuses every token of the other product with a ${product} client`, async (t) => {
      const [client, other] = [t[product](), product === "b2b" ? "consumer" : "b2b"];
      await client.loadKeys();
      let refused = 0;
      for (const { claims } of Object.values(KINDS)) {
        const token = await t.emulator.token({ product: other, claims });
        for (const [name, [, ask]] of Object.entries(CHECKS)) {
          await Promise.resolve()
            .then(() => ask(client, token))
            .then(
              () => ok(false, `${name} refuses the token`),
              () => (refused += 1),
            );
        }
      }
      same(refused, 50);
    });
  }
};
