const fastify = require("fastify");
const { Client } = require("stytch-edge");

const client = Client.fromEnv(process.env);
const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

const app = fastify();
app.addHook("onRequest", async (request, reply) => {
  const { status, session, headers } = await client.authenticateRequest(request);
  for (const [name, value] of headers) reply.header(name, value);
  if (status !== "authenticated") return reply.status(STATUS[status]).send("Log in first");
  request.session = session;
});
app.get("/me", async (request) => `Hello ${request.session.user_id}`);
app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
