// A program for Bun, whose environment declares additional variables.

import { Client, withSession } from "stytch-edge";

const client = Client.fromEnv(process.env);
export const same = Client.fromEnv(Bun.env);

Bun.serve({ fetch: withSession((_request, { session }) => new Response(session.user_id), { client }) });
