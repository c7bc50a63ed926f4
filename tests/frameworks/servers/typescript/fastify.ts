import fastify from "fastify";
import { Client, type Session } from "stytch-edge";

declare module "fastify" {
  interface FastifyRequest {
    session?: Session;
  }
}

const client = Client.fromEnv(process.env);
const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

const app = fastify();
app.addHook("onRequest", async (request, reply) => {
  const verdict = await client.authenticateRequest(request);
  for (const [name, value] of verdict.headers) reply.header(name, value);
  if (verdict.status !== "authenticated") return reply.status(STATUS[verdict.status]).send("Log in first");
  request.session = verdict.session;
});
app.get("/me", (request) => `Hello ${request.session?.user_id}`);
await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
