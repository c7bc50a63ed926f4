// A Cloudflare Worker, whose environment contains values other than strings.

import { Client, kvStore, withSession } from "stytch-edge";

interface Env {
  STYTCH_PROJECT_ID: string;
  STYTCH_SECRET: string;
  KEYS: KVNamespace;
}

export default {
  fetch: withSession((_request, { session }, env) => new Response(session.user_id + env.STYTCH_PROJECT_ID), {
    client: (env: Env) => Client.fromEnv(env, { store: kvStore(env.KEYS) }),
  }),
} satisfies ExportedHandler<Env>;
