// The routes of a whole log-in, as route handlers of Next.js.

import { connection } from "next/server";

import type { B2BClient, Client } from "../index.js";
import { logInRoutes as routesOf, type B2BLogInRoutesOptions, type LogInClient, type LogInRoutesOptions } from "../routes.js";

/** The handlers of a route of Next. */
export interface LogInHandlers {
  GET(request: Request): Promise<Response>;
  POST(request: Request): Promise<Response>;
}

/**
 * The routes of a whole log-in below `/auth`, for a route handler with all paths: they start log-ins, handle the redirect of Stytch,
 * and log users out. Other paths get 404.
 *
 * ```ts
 * // app/auth/[...path]/route.ts
 * export const { GET, POST } = logInRoutes(client, { origin: "https://app.example.com", methods: { magic_link: true } });
 * ```
 * @throws {@link ClientError} `invalid_argument` for invalid options.
 */
export function logInRoutes(client: LogInClient<Client, []>, options: LogInRoutesOptions): LogInHandlers;
/** The same for the members of organizations. */
export function logInRoutes(client: LogInClient<B2BClient, []>, options: B2BLogInRoutesOptions): LogInHandlers;
export function logInRoutes(client: LogInClient<any, []>, options: B2BLogInRoutesOptions): LogInHandlers {
  const respond = routesOf(client, options);
  const handler = async (request: Request) => {
    // At build time, the variables of the deployment may be absent, so Next must not run this then.
    await connection();
    return (await respond(request)) ?? new Response(null, { status: 404 });
  };
  return { GET: handler, POST: handler };
}
