// A middleware for Express: after it, `guard.session(request)` is the session. Does not import Express.

import { guardOf, type ClientFor, type GuardOptions, type RefusedBy, type SessionOf, type VerdictOf } from "./adapters/guard.js";
import { routesOf } from "./adapters/log_in_routes.js";
import { Decisions, incomingOf, send, setAtHead, targetOf, type NodeRequest, type NodeResponse } from "./adapters/node.js";
import type { AuthenticatorOptions, RequestAuthenticator } from "./handlers.js";
import type { B2BClient, Client } from "./index.js";
import type { B2BLogInRoutesOptions, LogInClient, LogInRoutesOptions } from "./routes.js";
import { plain } from "./options.js";

export type { GuardOptions, SessionOf } from "./adapters/guard.js";
export type { B2BLogInMethods, B2BLogInRoutesOptions, LogInMethods, LogInRoutesOptions, LogInRoutesPages } from "./routes.js";

/** A request of Express. */
export interface ExpressRequest extends NodeRequest {
  readonly originalUrl?: string;
}

/** A response of Express. */
export interface ExpressResponse extends NodeResponse {
  locals: Record<string, any>;
}

/** The options of `authenticated`. */
export type AuthenticatedOptions<Its extends RequestAuthenticator> = AuthenticatorOptions<Its> &
  GuardOptions & {
    /**
     * Responds to requests without a session, in place of a redirect to `log_in` or the verdict as JSON. The verdict's cookies
     * are added.
     */
    refused?: ((verdict: RefusedBy<Its>, request: any, response: any) => unknown) | undefined;
  };

/** A middleware of Express. */
export interface SessionGuard<Its extends RequestAuthenticator, Session> {
  (request: ExpressRequest, response: ExpressResponse, next: (error?: unknown) => void): Promise<void>;
  /**
   * The session of a request. With `optional: true` it is null for a request without a session.
   * @throws {@link ClientError} `invalid_argument` if the middleware has not run for the request.
   */
  session(request: object): Session;
  /** The verdict on a request. Throws as `session` does. */
  verdict(request: object): VerdictOf<Its>;
}

/**
 * Passes requests with a valid session to the route, and responds to others: to page requests with a redirect to `log_in` if it
 * is set, else with 401, 403 or 503 as JSON. Refreshed cookies are set on whatever response, with `Cache-Control: no-store`. A
 * cookie that the response sets or clears itself stays unchanged. Templates find `session` and `verdict` in `response.locals`.
 *
 * ```ts
 * const guard = authenticated(Client.fromEnv(), { log_in: "/login" });
 * app.get("/account", guard, (request, response) => response.send(`Hello ${guard.session(request).user_id}`));
 * ```
 */
export function authenticated<Its extends RequestAuthenticator>(client: ClientFor<Its>, options?: AuthenticatedOptions<Its> & { optional?: false | undefined }): SessionGuard<Its, SessionOf<Its>>;
/** The same with `optional`: every request reaches the route, and the session may be `null`. */
export function authenticated<Its extends RequestAuthenticator>(client: ClientFor<Its>, options: AuthenticatedOptions<Its>): SessionGuard<Its, SessionOf<Its> | null>;
export function authenticated<Its extends RequestAuthenticator>(client: ClientFor<Its>, options?: AuthenticatedOptions<Its>): SessionGuard<Its, any> {
  const { refused, ...asked } = plain<AuthenticatedOptions<Its>>("the options", options);
  const guard = guardOf<Its>(asked as AuthenticatedOptions<Its>);
  const decisions = new Decisions<Its>();
  const handler = async (request: ExpressRequest, response: ExpressResponse, next: (error?: unknown) => void) => {
    try {
      const decision = await guard.check(typeof client === "function" ? await client(request) : client, request);
      const { verdict, session } = decision;
      decisions.set(request, decision);
      Object.assign(response.locals, { session, verdict });
      setAtHead(response, decision.lines, session !== null);
      if (decision.refused) {
        const answer = verdict as RefusedBy<Its>;
        if (refused) await refused(answer, request, response);
        else await send(response, guard.response(answer, targetOf(request, request.originalUrl)), request.method === "HEAD");
        return;
      }
    } catch (error) {
      return next(error);
    }
    next();
  };
  const its = { session: (request: object) => decisions.session(request), verdict: (request: object) => decisions.verdict(request) };
  return Object.assign(handler, its);
}

/** A middleware of Express without a session. */
export type LogInMiddleware = (request: ExpressRequest, response: ExpressResponse, next: (error?: unknown) => void) => Promise<void>;

/**
 * The routes of a whole log-in below `/auth`: they start log-ins, handle the redirect of Stytch, and log users out. Other
 * requests are passed on.
 *
 * ```ts
 * app.use(logInRoutes(Client.fromEnv(), { origin: "https://app.example.com", methods: { magic_link: true } }));
 * ```
 * @throws {@link ClientError} `invalid_argument` for invalid options.
 */
export function logInRoutes(client: LogInClient<Client, [request: any]>, options: LogInRoutesOptions): LogInMiddleware;
/** The same for the members of organizations. */
export function logInRoutes(client: LogInClient<B2BClient, [request: any]>, options: B2BLogInRoutesOptions): LogInMiddleware;
export function logInRoutes(client: LogInClient<Client | B2BClient, [request: any]>, options: B2BLogInRoutesOptions): LogInMiddleware {
  const respond = routesOf(options);
  return async (request, response, next) => {
    try {
      const answer = await respond(() => (typeof client === "function" ? client(request) : client), incomingOf(request, request.originalUrl));
      if (answer) return await send(response, answer, request.method === "HEAD");
    } catch (error) {
      return next(error);
    }
    next();
  };
}
