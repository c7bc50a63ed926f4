const { generateKeyPairSync, sign } = require("node:crypto");
const { Client } = require("stytch-edge");

const project_id = "project-test-11111111-1111-4111-8111-111111111111";

test("uses each isolated client's own mock and keys", async () => {
  const [ada, bob] = [newUser("user-test-ada"), newUser("user-test-bob")];
  for (const { client, token, user_id, fetch } of [ada, bob]) {
    const session = await client.sessions.authenticateJwtLocal({ session_jwt: token });
    expect(session.user_id).toBe(user_id);
    expect(fetch).toHaveBeenCalledTimes(1);
  }
  const refused = ada.client.sessions.authenticateJwtLocal({ session_jwt: bob.token });
  await expect(refused).rejects.toMatchObject({ code: "jwt_invalid", reason: "bad_signature" });
});

test("returns the response of a mock", async () => {
  const fetch = async () => ({ status: 200, json: async () => ({ user_id: "user-test-ada", status_code: 200 }) });
  const client = new Client({ project_id, secret: "secret-test-1", fetch, isolated: true });
  expect((await client.users.get({ user_id: "user-test-ada" })).user_id).toBe("user-test-ada");
});

/** A token that a new key signed, and a client whose `fetch` returns that key. */
function newUser(user_id) {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keys = [{ ...publicKey.export({ format: "jwk" }), kid: "key-1", alg: "RS256", use: "sig" }];
  const fetch = jest.fn(async () => ({ status: 200, json: async () => ({ keys, status_code: 200 }) }));
  const client = new Client({ project_id, secret: "secret-test-1", fetch, isolated: true });
  return { client, fetch, user_id, token: signed(privateKey, claimsOf(user_id)) };
}

function signed(key, claims) {
  const header = { alg: "RS256", typ: "JWT", kid: "key-1" };
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}

function claimsOf(user_id) {
  const now = Math.floor(Date.now() / 1000);
  const [started_at, expires_at] = [now, now + 3_600].map((seconds) => new Date(seconds * 1000).toISOString());
  return {
    iss: `stytch.com/${project_id}`,
    aud: [project_id],
    sub: user_id,
    iat: now,
    nbf: now,
    exp: now + 300,
    "https://stytch.com/session": {
      id: "session-test-1",
      started_at,
      last_accessed_at: started_at,
      expires_at,
      attributes: { ip_address: "", user_agent: "" },
      authentication_factors: [],
    },
  };
}
