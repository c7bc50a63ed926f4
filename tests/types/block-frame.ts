// The frame of a block without imports: the block replaces the comment in `example`, and uses these names. Another name
// must be declared by the block.

import { Hono } from "hono";
import { cors } from "hono/cors";
import { B2BClient, Client, loginResponse, refusal, withSession } from "stytch-edge";
import type { JwkSet, MemberSession } from "stytch-edge";
import { authenticated } from "stytch-edge/hono";
import { SessionVerifier } from "stytch-edge/verify";

declare const client: Client;
declare const b2b: B2BClient;
declare const member_session: MemberSession;
declare const jwks: JwkSet;
declare const [token, session_id, organization_id, client_id, client_secret]: string[];
declare const env: Bindings;
declare const app: Hono<{ Bindings: Bindings; Variables: { subject: string } }>;
declare function mock(url: string, init: RequestInit): Promise<Response>;
declare function serve(request: Request, subject: string): Response;

type Bindings = { STYTCH_PROJECT_ID: string; STYTCH_SECRET: string };

export async function example(): Promise<any> {
  // the block
}
