// A program for Bun, which has variables of its own in its environment.

import { Client, withSession } from "stytch-edge";

const client = Client.fromEnv(process.env);
export const same = Client.fromEnv(Bun.env);

Bun.serve({ fetch: withSession((_request, { session }) => new Response(session.user_id), { client }) });
