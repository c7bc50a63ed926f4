// Both clients, as in a Worker with one guarded route for each product.
import { B2BClient, Client } from "measured";

export default {
  async fetch(request, env) {
    const config = { project_id: env.STYTCH_PROJECT_ID, secret: env.STYTCH_SECRET };
    const client = new URL(request.url).pathname === "/b2b" ? new B2BClient(config) : new Client(config);
    return Response.json(await client.sessions.authenticateJwtLocal({ session_jwt: await request.text() }));
  },
};
