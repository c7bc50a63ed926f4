import { Client } from "stytch-edge";

const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

export async function sessionOf(event) {
  const env = event.context.cloudflare?.env ?? process.env;
  const client = Client.fromEnv(env);
  const { status, session, headers } = await client.authenticateRequest(event);
  for (const [name, value] of headers) appendResponseHeader(event, name, value);
  if (status === "authenticated") return session;
  throw createError({ statusCode: STATUS[status], message: "Log in first" });
}
