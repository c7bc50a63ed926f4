import { env, exports } from "cloudflare:workers";
import { Client, ClientError } from "stytch-edge";
import { expect, test } from "vitest";

const { GOOD_TOKEN, EXPIRED_TOKEN, SESSION_TOKEN } = env;

test("accepts a valid token", async () => {
  const request = new Request("https://example.com/", { headers: { Authorization: `Bearer ${GOOD_TOKEN}` } });
  const response = await exports.default.fetch(request);
  expect(response.status).toBe(200);
  expect(await response.text()).toMatch(/^Hello user-test-/);
});

test("refuses a malformed token", async () => {
  const client = Client.fromEnv(env);
  const error = await client.sessions.authenticateJwtLocal({ session_jwt: "garbage" }).catch((error) => error);
  expect(error).toBeInstanceOf(ClientError);
  expect(error.code).toBe("jwt_invalid");
});

test("refreshes an expired token", async () => {
  const cookie = `stytch_session=${SESSION_TOKEN}; stytch_session_jwt=${EXPIRED_TOKEN}`;
  const response = await exports.default.fetch(new Request("https://example.com/", { headers: { cookie } }));
  expect(response.status).toBe(200);
  expect(response.headers.getSetCookie()).toHaveLength(2);
});
