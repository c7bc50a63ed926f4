import { Client } from "stytch-edge";

const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

export async function handle({ event, resolve }) {
  if (!event.url.pathname.startsWith("/account")) return resolve(event);
  const { env } = event.platform;
  const client = Client.fromEnv(env);
  const { status, session, headers } = await client.authenticateRequest(event.request);
  if (status !== "authenticated") return new Response("Log in first", { status: STATUS[status], headers });
  event.locals.session = session;
  const response = await resolve(event);
  for (const [name, value] of headers) response.headers.append(name, value);
  return response;
}
