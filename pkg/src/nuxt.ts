// A server middleware for Nuxt and Nitro 2: after it, `event.context.session` is a valid session. Does not import them.

import { guardOf, type ClientFor, type GuardOptions, type RefusedBy, type SessionOf, type VerdictOf } from "./adapters/guard.js";
import { keepCookies, type HeaderResponse } from "./adapters/kept_headers.js";
import { routesOf } from "./adapters/log_in_routes.js";
import { incomingOf, targetOf, type NodeRequest } from "./adapters/node.js";
import { refreshedHeaders } from "./adapters/refreshed.js";
import { waitUntilOf, type Admitted, type AuthenticatorOptions, type RequestAuthenticator } from "./handlers.js";
import type { B2BClient, Client } from "./index.js";
import { plain } from "./options.js";
import type { B2BLogInRoutesOptions, LogInClient, LogInRoutesOptions } from "./routes.js";

export type { GuardOptions, SessionOf } from "./adapters/guard.js";
export type { B2BLogInMethods, B2BLogInRoutesOptions, LogInMethods, LogInRoutesOptions, LogInRoutesPages } from "./routes.js";

/** The properties that the middleware sets in `event.context`, for `H3EventContext`. */
export interface SessionContext<Its extends RequestAuthenticator> {
  /** The session of the user or the member. */
  session: SessionOf<Its>;
  /** The verdict on the request. */
  verdict: Admitted<Its>;
}

/** The properties that the middleware sets in `event.context` with `optional: true`, for `H3EventContext`. */
export interface OptionalSessionContext<Its extends RequestAuthenticator> {
  /** The session of the user or the member; null for a request without a session. */
  session: SessionOf<Its> | null;
  /** The verdict on the request. */
  verdict: VerdictOf<Its>;
}

/** The part of an event of h3 that the middleware uses. */
export interface ServerEvent {
  readonly node: { readonly req: NodeRequest; readonly res: HeaderResponse };
  readonly context: object;
  readonly headers: Headers;
  readonly handled: boolean;
}

/** An event handler of h3. The next handler runs if the result is undefined. */
export interface ServerMiddleware {
  (event: ServerEvent): Promise<any>;
  /** The mark of an event handler. */
  __is_handler__?: true;
}

/** The options of `authenticated`. */
export type AuthenticatedOptions<Its extends RequestAuthenticator> = AuthenticatorOptions<Its> &
  GuardOptions & {
    /**
     * The response to requests that are not passed, in place of a redirect to `log_in` or the verdict as JSON: a value that an event
     * handler may return. The cookies are added.
     */
    refused?: ((verdict: RefusedBy<Its>, event: any) => unknown) | undefined;
  };

/**
 * Passes requests with a valid session, and responds to others: to page requests with a redirect to `log_in` if it is set, else
 * with 401, 403 or 503 as JSON. Refreshed cookies are set on every response, with `Cache-Control: no-store`, and the requests that
 * the server sends to itself have them. A cookie that the response sets or clears itself stays unchanged.
 *
 * ```ts
 * // server/middleware/session.ts
 * const guard = authenticated(Client.fromEnv(), { log_in: "/login" });
 * export default defineEventHandler((event) => (event.path.startsWith("/api/private") ? guard(event) : undefined));
 * ```
 */
export function authenticated<Its extends RequestAuthenticator>(client: ClientFor<Its>, options?: AuthenticatedOptions<Its>): ServerMiddleware {
  const { refused, ...asked } = plain<AuthenticatedOptions<Its>>("the options", options);
  const guard = guardOf<Its>(asked as AuthenticatedOptions<Its>);
  return handlerOf(async (event) => {
    const { req, res } = event.node;
    const its = typeof client === "function" ? await client(event) : client;
    const { session, verdict, lines, ...decision } = await guard.check(its, event, waitUntilOf(() => event));
    keepCookies(res, lines, session !== null);
    renew(event, verdict, lines);
    Object.assign(event.context, { session, verdict });
    if (!decision.refused) return undefined;
    const answer = verdict as RefusedBy<Its>;
    const own = await refused?.(answer, event);
    // Without a response, h3 would call the route.
    return own !== undefined || event.handled ? own : guard.response(answer, targetOf(req, wholeOf(req)));
  });
}

/**
 * The routes of a whole log-in below `/auth`, for a server middleware: they start log-ins, handle the redirect of Stytch, and log
 * users out. Other requests are passed on.
 *
 * ```ts
 * // server/middleware/log-in.ts
 * export default logInRoutes(Client.fromEnv(), { origin: "https://app.example.com", methods: { magic_link: true } });
 * ```
 * @throws {@link ClientError} `invalid_argument` for invalid options.
 */
export function logInRoutes(client: LogInClient<Client, [event: any]>, options: LogInRoutesOptions): ServerMiddleware;
/** The same for the members of organizations. */
export function logInRoutes(client: LogInClient<B2BClient, [event: any]>, options: B2BLogInRoutesOptions): ServerMiddleware;
export function logInRoutes(client: LogInClient<any, [event: any]>, options: B2BLogInRoutesOptions): ServerMiddleware {
  const respond = routesOf(options);
  return handlerOf((event) => respond(() => (typeof client === "function" ? client(event) : client), incomingOf(event.node.req, wholeOf(event.node.req))));
}

/** h3 warns of handlers without the mark. */
const handlerOf = (handler: (event: ServerEvent) => Promise<unknown>): ServerMiddleware => Object.assign(handler, { __is_handler__: true as const });

/** The path and the query, as the client sent them. h3 shortens `url` for an app with a `baseURL`. */
const wholeOf = (request: NodeRequest): string | undefined => (request as { originalUrl?: string }).originalUrl ?? request.url;

/**
 * Replaces the session of a request by the refreshed one. Nitro copies the headers to the requests that the server sends to itself, such as
 * those of `useFetch` and for error pages, which would otherwise refresh the session again.
 */
function renew({ node, headers }: ServerEvent, verdict: VerdictOf<RequestAuthenticator>, lines: string[]): void {
  const own = node.req.headers as Record<string, string | undefined>;
  for (const [name, value] of refreshedHeaders(own.cookie, verdict, lines)) {
    own[name] = value;
    headers.set(name, value);
  }
}
