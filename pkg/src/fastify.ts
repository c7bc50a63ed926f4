// A hook for Fastify: after it, `guard.session(request)` is the session. Does not import Fastify.

import { guardOf, type ClientFor, type GuardOptions, type RefusedBy, type SessionOf, type VerdictOf } from "./adapters/guard.js";
import { routesOf } from "./adapters/log_in_routes.js";
import { Decisions, incomingOf, setAtHead, targetOf, type NodeRequest, type NodeResponse } from "./adapters/node.js";
import type { AuthenticatorOptions, RequestAuthenticator } from "./handlers.js";
import type { B2BClient, Client } from "./index.js";
import type { B2BLogInRoutesOptions, LogInClient, LogInRoutesOptions } from "./routes.js";
import { plain } from "./options.js";
import { setCookiesOf } from "./set_cookies.js";

export type { GuardOptions, SessionOf } from "./adapters/guard.js";
export type { B2BLogInMethods, B2BLogInRoutesOptions, LogInMethods, LogInRoutesOptions, LogInRoutesPages } from "./routes.js";

/** A request of Fastify. */
export interface FastifyRequest {
  readonly headers: NodeRequest["headers"];
  readonly method: string;
  readonly originalUrl: string;
  readonly raw: unknown;
}

/** A reply of Fastify. */
export interface FastifyReply {
  readonly raw: unknown;
  readonly sent: boolean;
  code(status: number): unknown;
  header(name: string, value: string | string[]): unknown;
  send(body?: any): unknown;
}

/** The options of `authenticated`. */
export type AuthenticatedOptions<Its extends RequestAuthenticator> = AuthenticatorOptions<Its> &
  GuardOptions & {
    /**
     * Responds to requests without a session with `reply.send`, in place of a redirect to `log_in` or the verdict as JSON. The
     * verdict's cookies are added.
     */
    refused?: ((verdict: RefusedBy<Its>, request: any, reply: any) => unknown) | undefined;
  };

/** A hook of Fastify, for `onRequest` or `preHandler`. */
export interface SessionGuard<Its extends RequestAuthenticator, Session> {
  (request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
  /**
   * The session of a request. With `optional: true` it is null for a request without a session.
   * @throws {@link ClientError} `invalid_argument` if the hook has not run for the request.
   */
  session(request: object): Session;
  /** The verdict on a request. Throws as `session` does. */
  verdict(request: object): VerdictOf<Its>;
}

/**
 * Passes requests with a valid session to the route, and responds to others: to page requests with a redirect to `log_in` if it
 * is set, else with 401, 403 or 503 as JSON. Refreshed cookies are set on whatever response, with `Cache-Control: no-store`. A
 * cookie that the response sets or clears itself stays unchanged.
 *
 * ```ts
 * const guard = authenticated(Client.fromEnv(), { log_in: "/login" });
 * app.get("/account", { onRequest: guard }, async (request) => `Hello ${guard.session(request).user_id}`);
 * ```
 */
export function authenticated<Its extends RequestAuthenticator>(client: ClientFor<Its>, options?: AuthenticatedOptions<Its> & { optional?: false | undefined }): SessionGuard<Its, SessionOf<Its>>;
/** The same with `optional`: every request reaches the route, and the session may be `null`. */
export function authenticated<Its extends RequestAuthenticator>(client: ClientFor<Its>, options: AuthenticatedOptions<Its>): SessionGuard<Its, SessionOf<Its> | null>;
export function authenticated<Its extends RequestAuthenticator>(client: ClientFor<Its>, options?: AuthenticatedOptions<Its>): SessionGuard<Its, any> {
  const { refused, ...asked } = plain<AuthenticatedOptions<Its>>("the options", options);
  const guard = guardOf<Its>(asked as AuthenticatedOptions<Its>);
  const decisions = new Decisions<Its>();
  const hook = async (request: FastifyRequest, reply: FastifyReply) => {
    const decision = await guard.check(typeof client === "function" ? await client(request) : client, request);
    decisions.set(request, decision);
    setAtHead(reply.raw as NodeResponse, decision.lines, decision.session !== null);
    if (!decision.refused) return undefined;
    const verdict = decision.verdict as RefusedBy<Its>;
    if (refused) {
      const answer = await refused(verdict, request, reply);
      return reply.sent ? reply : reply.send(answer);
    }
    const answer = guard.response(verdict, targetOf(request, request.originalUrl));
    // The cookies are set with the head.
    return sendBy(reply, answer);
  };
  const its = { session: (request: object) => decisions.session(request), verdict: (request: object) => decisions.verdict(request) };
  return Object.assign(hook, its);
}

/** A hook of Fastify without a session. */
export type LogInHook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * The routes of a whole log-in below `/auth`: they start log-ins, handle the redirect of Stytch, and log users out. Other
 * requests are passed on. The hook reads forms itself: it runs before Fastify reads the body.
 *
 * ```ts
 * app.addHook("onRequest", logInRoutes(Client.fromEnv(), { origin: "https://app.example.com", methods: { magic_link: true } }));
 * ```
 * @throws {@link ClientError} `invalid_argument` for invalid options.
 */
export function logInRoutes(client: LogInClient<Client, [request: any]>, options: LogInRoutesOptions): LogInHook;
/** The same for the members of organizations. */
export function logInRoutes(client: LogInClient<B2BClient, [request: any]>, options: B2BLogInRoutesOptions): LogInHook;
export function logInRoutes(client: LogInClient<Client | B2BClient, [request: any]>, options: B2BLogInRoutesOptions): LogInHook {
  const respond = routesOf(options);
  return async (request, reply) => {
    const answer = await respond(() => (typeof client === "function" ? client(request) : client), incomingOf(request.raw as NodeRequest, request.originalUrl));
    if (!answer) return undefined;
    const cookies = setCookiesOf(answer.headers);
    if (cookies.length) reply.header("set-cookie", cookies);
    return sendBy(reply, answer);
  };
}

/** Sends a Response of Fetch without its cookies. */
async function sendBy(reply: FastifyReply, answer: Response): Promise<unknown> {
  reply.code(answer.status);
  for (const [name, value] of answer.headers) if (name !== "set-cookie") reply.header(name, value);
  return reply.send(await answer.text());
}
