// The package in an ES module.

import stytch, { B2BClient, Client, ClientError, withSession, type Session } from "stytch-edge";
import { SessionVerifier } from "stytch-edge/verify";

const client: Client = new Client({ project_id: "project-test-1", secret: "secret-test-1", timeout: undefined });
export const b2b: B2BClient = new stytch.B2BClient({ project_id: "project-test-1", secret: "secret-test-1" });

export async function who(request: Request): Promise<string> {
  const verdict = await client.authenticateRequest(request, { refresh_timeout: undefined });
  return verdict.status === "authenticated" ? verdict.session.user_id : verdict.reason;
}

export const guarded: (request: Request) => Promise<Response> = withSession(
  (_request, { session }) => new Response(session.user_id),
  { client },
);

const verifier = new SessionVerifier({ project_id: "project-test-1" });
export const checked: Promise<Session> = verifier.authenticateJwtLocal({ session_jwt: "a.b.c" });
export const isRefused = (error: unknown) => error instanceof ClientError && error.code === "jwt_invalid";

// @ts-expect-error a client requires a secret
new Client({ project_id: "project-test-1" });

// @ts-expect-error an undefined authorization_check would omit the check
void client.authenticateRequest({ headers: {} }, { authorization_check: undefined });
