// A middleware for React Router in framework mode: after it, `context.get(guard.session)` is a valid session. Does not import React
// Router.

import { outcome, shownPage, targetOf, targetOfScript } from "./adapters/fetch.js";
import { guardOf, type ClientFor, type GuardOptions, type RefusedBy, type SessionOf, type Target, type VerdictOf } from "./adapters/guard.js";
import { refreshedCopy } from "./adapters/refreshed.js";
import type { Admitted, AuthenticatorOptions, RequestAuthenticator } from "./handlers.js";
import { plain } from "./options.js";
import { withCookies } from "./set_cookies.js";

export type { GuardOptions, SessionOf } from "./adapters/guard.js";

/** A key of React Router's context, as `createContext` makes it. */
export interface ContextKey<Value> {
  defaultValue?: Value;
}

/** The part of the arguments of a middleware that the guard uses. */
export interface MiddlewareArguments {
  request: Request;
  /** The URL of the page, without `.data`. */
  url?: URL | undefined;
  context: { get(key: any): any; set(key: any, value: any): void };
}

/** A middleware, and the keys of its results. */
export interface SessionMiddleware<Session, Verdict> {
  (its: MiddlewareArguments, next: () => Promise<any>): Promise<Response>;
  /** The session of the user or the member: `context.get(guard.session)`. React Router throws an error if the guard has not run. */
  session: ContextKey<Session>;
  /** The verdict on the request. */
  verdict: ContextKey<Verdict>;
}

/** The options of `authenticated`. */
export type AuthenticatedOptions<Its extends RequestAuthenticator> = AuthenticatorOptions<Its> &
  GuardOptions & {
    /** The response to requests that are not passed, in place of a redirect to `log_in` or the verdict as JSON. The cookies are added. */
    refused?: ((verdict: RefusedBy<Its>, its: any) => Response | Promise<Response>) | undefined;
  };

/**
 * A middleware that passes requests with a valid session to the loaders and actions. Pages without a session, navigations by links and
 * forms of React Router lead to `log_in` if it is set; other requests get 401, 403 or 503 as JSON. A refreshed session reaches the
 * browser with every response. A page that is rendered at build time is passed without a check, with the session null, and the client
 * is not made.
 *
 * ```ts
 * export const guard = authenticated(() => Client.fromEnv(), { log_in: "/login" });
 *
 * export const middleware = [guard];
 * export const loader = ({ context }: Route.LoaderArgs) => context.get(guard.session).user_id;
 * ```
 */
export function authenticated<Its extends RequestAuthenticator>(
  client: ClientFor<Its>,
  options?: AuthenticatedOptions<Its> & { optional?: false | undefined },
): SessionMiddleware<SessionOf<Its>, Admitted<Its>>;
/** The same with `optional`: every request reaches the loaders, and the session may be `null`. */
export function authenticated<Its extends RequestAuthenticator>(
  client: ClientFor<Its>,
  options: AuthenticatedOptions<Its>,
): SessionMiddleware<SessionOf<Its> | null, VerdictOf<Its>>;
export function authenticated<Its extends RequestAuthenticator>(client: ClientFor<Its>, options?: AuthenticatedOptions<Its>): SessionMiddleware<any, any> {
  const { refused, ...asked } = plain<AuthenticatedOptions<Its>>("the options", options);
  const guard = guardOf<Its>(asked as AuthenticatedOptions<Its>);
  const keys: { session: ContextKey<any>; verdict: ContextKey<any> } = { session: {}, verdict: {} };
  const middleware = async (its: MiddlewareArguments, next: () => Promise<any>): Promise<Response> => {
    const { request, context } = its;
    if (isPrerendered()) {
      context.set(keys.session, null);
      return next();
    }
    const made = typeof client === "function" ? await client(its) : client;
    const headers = refreshed.get(request) ?? request.headers;
    const decision = await guard.check(made, { headers });
    const { verdict, session, lines } = decision;
    const renewed = refreshedCopy(headers, verdict, lines);
    if (renewed) refreshed.set(request, renewed);
    context.set(keys.session, session);
    context.set(keys.verdict, verdict);
    const response = await outcome(guard, decision, target(its), { passed: () => next(), refused: refused && ((own) => refused(own, its)) });
    return withCookies(response, lines, { hasSession: session !== null });
  };
  return Object.assign(middleware, keys);
}

/** Whether React Router renders pages at build time: it then sets this variable, and trusts headers of its own for the same reason. */
function isPrerendered(): boolean {
  try {
    return process!.env.IS_RR_BUILD_REQUEST === "yes";
  } catch {
    // The runtime does not have the variable, or Deno does not permit to read it.
    return false;
  }
}

/**
 * The headers of a request whose session was refreshed: for the guard of a route below another guard. Not by the context, which an
 * app may pass for several requests.
 */
const refreshed = new WeakMap<object, Headers>();

/**
 * The target of a request. The scripts of React Router request the data of the next page below its path, with the ending `.data`, and
 * send forms of the page that the user sees there.
 */
function target({ request, url = new URL(request.url) }: MiddlewareArguments): Target {
  const path = url.pathname + url.search;
  if (!new URL(request.url).pathname.endsWith(".data")) return { ...targetOf(request), path };
  return targetOfScript(request, request.method === "GET" ? path : (shownPage(request) ?? path));
}
