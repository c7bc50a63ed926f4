import { Client, withSession } from "stytch-edge";

export default {
  fetch: withSession((_request, { session }) => new Response(`Hello ${session.user_id}`), {
    client: (env) => Client.fromEnv(env),
  }),
};
