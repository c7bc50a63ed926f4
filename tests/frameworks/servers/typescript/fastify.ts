import fastify from "fastify";
import { Client } from "stytch-edge";
import { authenticated, logInRoutes } from "stytch-edge/fastify";

const client = Client.fromEnv();
const guard = authenticated(client, { log_in: "/login" });

const app = fastify();
app.addHook("onRequest", logInRoutes(client, { origin: "https://app.example.com", methods: { magic_link: true } }));
app.get("/me", { onRequest: guard }, async (request) => {
  return `Hello ${guard.session(request).user_id}`;
});
await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
