// A middleware for Astro: after it, `Astro.locals.session` is a valid session. Does not import Astro.

import { outcome, targetOf } from "./adapters/fetch.js";
import { guardOf, type ClientFor, type Decision, type GuardOptions, type RefusedBy, type SessionOf, type VerdictOf } from "./adapters/guard.js";
import { refreshedCopy } from "./adapters/refreshed.js";
import { invalid } from "./errors.js";
import { waitUntilOf, type Admitted, type AuthenticatorOptions, type RequestAuthenticator } from "./handlers.js";
import type { B2BClient, Client } from "./index.js";
import { plain } from "./options.js";
import { logInRoutes as routesOf, type B2BLogInRoutesOptions, type LogInClient, type LogInRoutesOptions } from "./routes.js";
import { notSetBy, withCookies } from "./set_cookies.js";

export type { GuardOptions, SessionOf } from "./adapters/guard.js";
export type { B2BLogInMethods, B2BLogInRoutesOptions, LogInMethods, LogInRoutesOptions, LogInRoutesPages } from "./routes.js";

/** The properties that the middleware sets in `locals`, for `App.Locals`. */
export interface SessionLocals<Its extends RequestAuthenticator> {
  /** The session of the user or the member. */
  session: SessionOf<Its>;
  /** The verdict on the request. */
  verdict: Admitted<Its>;
}

/** The properties that the middleware sets in `locals` with `optional: true`, for `App.Locals`. */
export interface OptionalSessionLocals<Its extends RequestAuthenticator> {
  /** The session of the user or the member; null for a request without a session, and in a prerendered page. */
  session: SessionOf<Its> | null;
  /** The verdict on the request; null in a prerendered page. */
  verdict: VerdictOf<Its> | null;
}

/** The part of the context of Astro that the middleware uses. */
export interface AstroContext {
  readonly request: Request;
  readonly isPrerendered: boolean;
  readonly url: URL;
  readonly locals: object;
  readonly cookies: { headers(): Iterable<string> };
}

/** A middleware of Astro. */
export type AstroMiddleware = (context: AstroContext, next: () => Promise<Response>) => Promise<Response>;

/** The options of `authenticated`. */
export type AuthenticatedOptions<Its extends RequestAuthenticator> = AuthenticatorOptions<Its> &
  GuardOptions & {
    /** The response to requests that are not passed, in place of a redirect to `log_in` or the verdict as JSON. The cookies are added. */
    refused?: ((verdict: RefusedBy<Its>, context: any) => Response | Promise<Response>) | undefined;
  };

/**
 * Passes requests with a valid session, and responds to others: to page requests with a redirect to `log_in` if it is set, else
 * with 401, 403 or 503 as JSON. Refreshed cookies are set on every response, with `Cache-Control: no-store`. A cookie that the page
 * sets or clears itself stays unchanged.
 *
 * Astro serves prerendered pages without the middleware. Such a page has no session with `optional: true`, and is an error without it.
 *
 * ```ts
 * // src/middleware.ts
 * const guard = authenticated(Client.fromEnv(), { log_in: "/login" });
 * export const onRequest = defineMiddleware((context, next) => (context.routePattern.startsWith("/account") ? guard(context, next) : next()));
 * ```
 */
export function authenticated<Its extends RequestAuthenticator>(client: ClientFor<Its>, options?: AuthenticatedOptions<Its>): AstroMiddleware {
  const { refused, ...asked } = plain<AuthenticatedOptions<Its>>("the options", options);
  const guard = guardOf<Its>(asked as AuthenticatedOptions<Its>);
  return async (context, next) => {
    const { locals, request } = context;
    if (context.isPrerendered) {
      if (!asked.optional) throw invalid(`${context.url.pathname} is prerendered, so its requests are not checked: set prerender to false, or use optional: true`);
      Object.assign(locals, { session: null, verdict: null });
      return next();
    }
    const before = refreshOf(locals, request);
    const its = typeof client === "function" ? await client(context) : client;
    const decision = await guard.check(its, before ?? request, waitUntilOf(() => (locals as { cfContext?: unknown }).cfContext));
    const { session, verdict } = decision;
    // If an earlier run has responded, Astro keeps its cookies. If a page has thrown an error, they are lost.
    const lines = [...decision.lines, ...notSetBy(decision.lines, before && !before.isSent ? before.lines : [])];
    const refresh = remember(locals, request, before, { ...decision, lines });
    Object.assign(locals, { session, verdict });
    const response = await outcome(guard, decision, targetOf(request), { passed: () => next(), refused: refused && ((its) => refused(its, context)) });
    if (refresh) refresh.isSent = true;
    return withCookies(response, notSetBy([...context.cookies.headers()], lines), { hasSession: session !== null });
  };
}

/**
 * The routes of a whole log-in below `/auth`: they start log-ins, handle the redirect of Stytch, and log users out. Other requests
 * are passed on.
 *
 * ```ts
 * export const onRequest = sequence(logInRoutes(client, { origin: "https://app.example.com", methods: { magic_link: true } }), guard);
 * ```
 * @throws {@link ClientError} `invalid_argument` for invalid options.
 */
export function logInRoutes(client: LogInClient<Client, [context: any]>, options: LogInRoutesOptions): AstroMiddleware;
/** The same for the members of organizations. */
export function logInRoutes(client: LogInClient<B2BClient, [context: any]>, options: B2BLogInRoutesOptions): AstroMiddleware;
export function logInRoutes(client: LogInClient<any, [context: any]>, options: B2BLogInRoutesOptions): AstroMiddleware {
  const respond = routesOf<[context: AstroContext]>(client, options);
  return async (context, next) => (context.isPrerendered ? undefined : await respond(context.request, context)) ?? next();
}

/** A refresh of the session of a request. */
interface Refresh {
  /** The headers of the request with the new session. */
  headers: Headers;
  /** The headers that the browser sent. */
  sent: Headers;
  /** The `Set-Cookie` lines. */
  lines: string[];
  /** Whether a response has the lines. */
  isSent: boolean;
}

/**
 * The refreshes of requests, by their `locals`. Astro runs middleware again for a rewrite, and for the page of an error; the
 * request then has the old session, which would cause another request to the API.
 */
const refreshes = new WeakMap<object, Refresh>();

/** The refresh of a request with the same credentials: a server may pass the same `locals` for several requests. */
function refreshOf(locals: object, { headers }: Request): Refresh | undefined {
  const known = refreshes.get(locals);
  return known && ["cookie", "authorization"].every((name) => known.sent.get(name) === headers.get(name)) ? known : undefined;
}

/** Keeps the refresh, if there was one. Returns the refresh of the request. */
function remember(locals: object, { headers: sent }: Request, before: Refresh | undefined, { verdict, lines }: Pick<Decision<RequestAuthenticator>, "verdict" | "lines">): Refresh | undefined {
  const headers = refreshedCopy(before?.headers ?? sent, verdict, lines);
  if (!headers) return before;
  const refresh = { headers, sent: new Headers(sent), lines, isSent: false };
  refreshes.set(locals, refresh);
  return refresh;
}
