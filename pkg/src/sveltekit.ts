// Two `handle` hooks for SvelteKit: a guard, after which `event.locals.session` is a valid session, and the routes of log-ins. Does
// not import SvelteKit.

import { shownPage, targetOf, targetOfScript } from "./adapters/fetch.js";
import { guardOf, type ClientFor, type Decision, type Guard, type GuardOptions, type RefusedBy, type SessionOf, type VerdictOf } from "./adapters/guard.js";
import { refreshedCopy } from "./adapters/refreshed.js";
import { HTTP_STATUS, waitUntilOf, type Admitted, type AuthenticatorOptions, type Refused, type RequestAuthenticator } from "./handlers.js";
import type { B2BClient, Client } from "./index.js";
import { plain } from "./options.js";
import { logInRoutes as routesOf, type B2BLogInRoutesOptions, type LogInClient, type LogInRoutesOptions } from "./routes.js";
import { oneForEachName, setCookiesOf, withCookies } from "./set_cookies.js";

export type { GuardOptions, SessionOf } from "./adapters/guard.js";

/** What the hook sets in `event.locals`: `interface Locals extends SessionLocals<Client> {}`. */
export interface SessionLocals<Its extends RequestAuthenticator> {
  /** The session of the user or the member. */
  session: SessionOf<Its>;
  /** The verdict on the request. */
  verdict: Admitted<Its>;
}

/** What the hook sets in `event.locals` with `optional: true`, for some routes or for all. */
export interface OptionalSessionLocals<Its extends RequestAuthenticator> {
  /** The session of the user or the member; null for a request without a session, and for a page that is rendered at build time. */
  session: SessionOf<Its> | null;
  /** The verdict on the request. */
  verdict: VerdictOf<Its>;
}

/** The part of SvelteKit's `RequestEvent` that the hooks use. */
export interface SvelteKitEvent {
  request: Request;
  url: URL;
  locals: object;
  platform?: object | undefined;
  cookies: { set(name: string, value: string, options: any): unknown };
  isDataRequest: boolean;
}

/** A `handle` hook. */
export type Handle = <Event extends SvelteKitEvent>(input: {
  event: Event;
  resolve(event: Event, options?: any): Response | Promise<Response>;
}) => Promise<Response>;

/** The options of `authenticated`. */
export type AuthenticatedOptions<Its extends RequestAuthenticator> = AuthenticatorOptions<Its> &
  GuardOptions & {
    /**
     * The response to requests that are not passed, in place of a redirect to `log_in` or the verdict as JSON. The cookies are added,
     * and SvelteKit's own requests get a redirect in the form that its scripts follow.
     */
    refused?: ((verdict: RefusedBy<Its>, event: any) => Response | Promise<Response>) | undefined;
  };

/**
 * A `handle` hook that passes requests with a valid session, with `event.locals.session`. Pages, navigations by links and form
 * actions with `use:enhance` without a session lead to `log_in` if it is set; other requests get 401, 403 or 503 as JSON. A refreshed
 * session reaches the browser with every response, and requests of `event.fetch` to the own app. A page that is rendered at build
 * time is passed without a check, and the client is not made.
 *
 * ```ts
 * // src/hooks.server.ts
 * export const handle = authenticated(() => Client.fromEnv(), { log_in: "/login" });
 * ```
 */
export function authenticated<Its extends RequestAuthenticator>(client: ClientFor<Its>, options?: AuthenticatedOptions<Its>): Handle {
  const { refused, ...asked } = plain<AuthenticatedOptions<Its>>("the options", options);
  const guard = guardOf<Its>(asked as AuthenticatedOptions<Its>);
  return async ({ event, resolve }) => {
    if (isPrerendered(event)) {
      Object.assign(event.locals, { session: null });
      return resolve(event);
    }
    const its = typeof client === "function" ? await client(event) : client;
    const decision = await guard.check(its, event.request, waitUntilOf(() => contextOf(event)));
    const { lines, session, verdict } = decision;
    refresh(event, decision);
    if (decision.refused) {
      const own = verdict as RefusedBy<Its>;
      return withCookies(refused ? redirected(await refused(own, event), event) : answer(guard, own, event), lines);
    }
    Object.assign(event.locals, { session, verdict });
    const response = await resolve(event);
    if (lines.length > 0) withoutOwn(response.headers, decision);
    return withCookies(response, lines, { hasSession: session !== null });
  };
}

/**
 * A `handle` hook with the routes of a whole log-in below `/auth`: they start log-ins, handle the redirect of Stytch, and log users
 * out. Other requests are passed on.
 *
 * ```ts
 * const logIn = logInRoutes(client, { origin: "https://app.example.com", methods: { magic_link: true } });
 * export const handle = sequence(logIn, authenticated(client));
 * ```
 * @throws {@link ClientError} `invalid_argument` for invalid options.
 */
export function logInRoutes(client: LogInClient<Client, [event: any]>, options: LogInRoutesOptions): Handle;
/** The same for the members of organizations. */
export function logInRoutes(client: LogInClient<B2BClient, [event: any]>, options: B2BLogInRoutesOptions): Handle;
export function logInRoutes(client: LogInClient<any, [event: any]>, options: B2BLogInRoutesOptions): Handle {
  const respond = routesOf<[event: unknown]>(client, options);
  return async ({ event, resolve }) => (await respond(event.request, event)) ?? resolve(event);
}

/**
 * Whether SvelteKit renders this page at build time. It then forbids the query of the URL, by properties of the object itself that
 * throw errors. Anything else is a request, which is checked.
 */
function isPrerendered({ url }: SvelteKitEvent): boolean {
  try {
    return Object.hasOwn(url, "search") && url.search === undefined;
  } catch {
    return true;
  }
}

/** The context with `waitUntil`: `ctx` on Cloudflare, `context` on Netlify and Vercel. */
function contextOf({ platform }: SvelteKitEvent): unknown {
  const { ctx, context } = (platform ?? {}) as { ctx?: unknown; context?: unknown };
  return ctx ?? context;
}

/** Replaces the session of the request by the refreshed one, for the routes, and for their requests by `event.fetch`. */
function refresh(event: SvelteKitEvent, { verdict, lines }: Decision<RequestAuthenticator>): void {
  const headers = refreshedCopy(event.request.headers, verdict, lines);
  if (!headers) return;
  event.request = new Request(event.request, { headers });
  for (const { name, value, attributes } of oneForEachName(verdict.cookies)) {
    event.cookies.set(name, value, { httpOnly: false, secure: false, ...attributes, encode: String });
  }
}

/**
 * Removes the cookies of `refresh`, which SvelteKit has added to the response: after those of a route that ends or starts a session
 * itself, they would restore the old one.
 */
function withoutOwn(headers: Headers, { verdict }: Decision<RequestAuthenticator>): void {
  const own = [...oneForEachName(verdict.cookies)].map(({ name, value }) => `${name}=${value};`);
  const kept = setCookiesOf(headers).filter((line) => !own.some((pair) => line.startsWith(pair)));
  headers.delete("set-cookie");
  for (const line of kept) headers.append("set-cookie", line);
}

/** The response to a request that is refused, in the form that SvelteKit's scripts read if the request is theirs. */
function answer<Its extends RequestAuthenticator>(guard: Guard<Its>, verdict: RefusedBy<Its>, event: SvelteKitEvent): Response {
  if (!isOfScript(event)) return guard.response(verdict, targetOf(event.request));
  // Data is of the next page. The other scripts run in the page that the user sees.
  const { request, url } = event;
  const path = event.isDataRequest ? url.pathname + url.search : (shownPage(request) ?? (isRemote(event) ? "/" : url.pathname));
  const response = guard.response(verdict, targetOfScript(request, path));
  if (response.headers.has("location") && !isCommand(event)) return redirected(response, event);
  const { status, reason } = verdict as Refused;
  const error = { status: HTTP_STATUS[status], message: MESSAGES[status], reason };
  return json({ type: "error", ...error, error }, error.status, response);
}

/**
 * The response to a request of SvelteKit's scripts: a redirect as JSON, because `fetch` would follow it. SvelteKit's own
 * conversion loses the cookies. `data` is the form of remote functions in SvelteKit 3, as devalue writes `{ redirect: location }`.
 */
function redirected(response: Response, event: SvelteKitEvent): Response {
  const location = response.headers.get("location");
  if (location === null || !isOfScript(event)) return response;
  const data = isRemote(event) ? JSON.stringify([{ redirect: 1 }, location]) : undefined;
  return json({ type: "redirect", status: response.status, location, data }, 200, response);
}

/** JSON with the headers of another response. */
function json(value: object, status: number, { headers: others }: Response): Response {
  const headers = new Headers(others);
  headers.delete("location");
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify(value), { status, headers });
}

/** Whether the request is of a script of SvelteKit: for the data of a page, an action, or a remote function. */
function isOfScript(event: SvelteKitEvent): boolean {
  return event.isDataRequest || isRemote(event) || (event.request.method === "POST" && event.request.headers.has("x-sveltekit-action"));
}

const isRemote = (event: SvelteKitEvent & { isRemoteRequest?: boolean }): boolean => event.isRemoteRequest === true;

/** Whether the request is of a remote command or a batch of queries. SvelteKit does not follow a redirect of a command. */
const isCommand = (event: SvelteKitEvent): boolean => isRemote(event) && /^application\/json/.test(event.request.headers.get("content-type") ?? "");

/** What the error page of an app displays. */
const MESSAGES = {
  unauthenticated: "the user is not logged in",
  forbidden: "the user does not meet the requirements",
  unavailable: "the session cannot be checked now",
};
