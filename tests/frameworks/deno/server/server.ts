import { Client, withSession } from "stytch-edge";

const client = Client.fromEnv(Deno.env);

Deno.serve(
  { hostname: "127.0.0.1", port: Number(Deno.env.get("PORT")) },
  withSession((_request, { session }) => new Response(`Hello ${session.user_id}`), { client }),
);
