import { client } from "./session";

const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

export async function onRequest(context, next) {
  if (!context.url.pathname.startsWith("/account")) return next();
  const { status, session, headers } = await client.authenticateRequest(context.request);
  if (status !== "authenticated") return new Response("Log in first", { status: STATUS[status], headers });
  context.locals.session = session;
  const response = await next();
  for (const [name, value] of headers) response.headers.append(name, value);
  return response;
}
