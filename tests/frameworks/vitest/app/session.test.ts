import { expect, test } from "vitest";
import { Client, ClientError } from "stytch-edge";

const client = Client.fromEnv(process.env);
const { GOOD_TOKEN = "", EXPIRED_TOKEN, SESSION_TOKEN } = process.env;

test("accepts a valid token", async () => {
  const { session } = await client.sessions.authenticateJwt({ session_jwt: GOOD_TOKEN });
  expect(session.user_id).toMatch(/^user-test-/);
});

test("refuses a malformed token", async () => {
  const error = await client.sessions.authenticateJwtLocal({ session_jwt: "garbage" }).catch((error) => error);
  expect(error).toBeInstanceOf(ClientError);
  expect(error.code).toBe("jwt_invalid");
});

test("refreshes an expired token", async () => {
  const cookie = `stytch_session=${SESSION_TOKEN}; stytch_session_jwt=${EXPIRED_TOKEN}`;
  const verdict = await client.authenticateRequest({ headers: { cookie } });
  expect(verdict.status).toBe("authenticated");
  expect(verdict.headers.getSetCookie()).toHaveLength(2);
});
