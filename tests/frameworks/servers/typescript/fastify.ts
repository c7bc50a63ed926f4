import fastify from "fastify";
import { Client } from "stytch-edge";
import { authenticated } from "stytch-edge/fastify";

const guard = authenticated(Client.fromEnv(), { log_in: "/login" });

const app = fastify();
app.get("/me", { onRequest: guard }, async (request) => {
  return `Hello ${guard.session(request).user_id}`;
});
await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
