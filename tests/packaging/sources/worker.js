// A Worker that verifies sessions.

import { Client } from "stytch-edge";

export default {
  async fetch(request, env) {
    const client = Client.fromEnv(env);
    const session_jwt = request.headers.get("Authorization")?.replace("Bearer ", "") ?? "";
    const answer = await client.sessions.authenticateJwtLocal({ session_jwt }).then(
      ({ session_id }) => session_id,
      ({ code }) => code,
    );
    return new Response(answer);
  },
};
