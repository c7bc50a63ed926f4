import { Client, withSession } from "stytch-edge";

const client = Client.fromEnv(process.env);

Bun.serve({
  hostname: "127.0.0.1",
  port: process.env.PORT,
  fetch: withSession((_request, { session }) => new Response(`Hello ${session.user_id}`), { client }),
});
