// The package in a CommonJS module.

import stytch = require("stytch-edge");
import { Client, ClientError, type Session } from "stytch-edge";
import { SessionVerifier } from "stytch-edge/verify";

const client: Client = new stytch.Client({ project_id: "project-test-1", secret: "secret-test-1", timeout: undefined });
const verifier = new SessionVerifier({ project_id: "project-test-1" });

export const checked: Promise<Session> = verifier.authenticateJwtLocal({ session_jwt: "a.b.c" });
export const isRefused = (error: unknown) => error instanceof ClientError && error.code === "jwt_invalid";

export async function who(request: Request): Promise<string> {
  const verdict = await client.authenticateRequest(request);
  return verdict.status === "authenticated" ? verdict.session.user_id : verdict.reason;
}

// @ts-expect-error a client requires a secret
new Client({ project_id: "project-test-1" });
