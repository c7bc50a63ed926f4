// What the adapters of all frameworks share: the check of a request, the session for the handler, and the response to a
// request without a session. Does not know frameworks: an adapter passes the target of the request, and sends the response.

import type { CallOptions, WaitUntil } from "../config.js";
import { invalid } from "../errors.js";
import { refusal, type Admitted, type AuthenticatorOptions, type RequestAuthenticator } from "../handlers.js";
import { plain, requestOptions } from "../options.js";
import type { RequestLike } from "../request_headers.js";
import { setCookiesOf } from "../set_cookies.js";

/** The session of a user or a member. */
export type SessionOf<Its extends RequestAuthenticator> = Admitted<Its> extends { session: infer Session }
  ? Session
  : Admitted<Its> extends { member_session: infer MemberSession }
    ? MemberSession
    : never;

/** Every verdict of a client. */
export type VerdictOf<Its extends RequestAuthenticator> = Awaited<ReturnType<Its["authenticateRequest"]>>;

/** A verdict that is not `authenticated`. */
export type RefusedBy<Its extends RequestAuthenticator> = Exclude<VerdictOf<Its>, { status: "authenticated" }>;

/** The options that all adapters have in addition to those of `authenticateRequest`. */
export interface GuardOptions {
  /**
   * Whether requests without a valid session reach the handler, with the session `null`. This includes requests that cannot
   * be decided now; the verdict has the reason. Default: false.
   */
  optional?: boolean | undefined;
  /**
   * The URL of the log-in page: a path that begins with one `/`, or an absolute URL. A page request without a session is
   * redirected there, with its own path and query in the parameter `return_to`. Default: no redirect.
   */
  log_in?: string | undefined;
}

/** A client, or a function that returns one for a request. */
export type ClientFor<Its extends RequestAuthenticator> = Its | ((request: any) => Its | Promise<Its>);

/** The target of a request, as far as it decides between a page and an API. */
export interface Target {
  method: string | undefined;
  /** The path and the query. */
  path: string;
  /** A header by its name in lower case. */
  header(name: string): string | null | undefined;
}

/** The outcome of a check. If `refused` is set, the handler does not run. */
export interface Decision<Its extends RequestAuthenticator> {
  verdict: VerdictOf<Its>;
  session: SessionOf<Its> | null;
  /** The `Set-Cookie` lines for the response, whichever it is. */
  lines: string[];
  refused: boolean;
}

/** A check with its options. */
export interface Guard<Its extends RequestAuthenticator> {
  check(client: Its, request: RequestLike, wait_until?: WaitUntil): Promise<Decision<Its>>;
  /** The response to a request that is refused: a redirect to the log-in page, or the verdict as JSON. */
  response(verdict: RefusedBy<Its>, target: Target): Response;
}

/** Reads the options of an adapter, each once. */
export function guardOf<Its extends RequestAuthenticator>(options: (GuardOptions & AuthenticatorOptions<Its>) | undefined): Guard<Its> {
  const { optional = false, log_in, wait_until: own, ...asked } = plain("the options", options) as GuardOptions & CallOptions & { wait_until?: WaitUntil };
  if (typeof optional !== "boolean") throw invalid("optional must be a boolean");
  if (log_in !== undefined && !isPage(log_in)) throw invalid("log_in must be a path that begins with one /, or an https URL");
  requestOptions(asked);
  return {
    async check(client, request, wait_until) {
      const verdict = (await client.authenticateRequest(request, { ...asked, wait_until: own ?? wait_until })) as VerdictOf<Its>;
      const isIn = verdict.status === "authenticated";
      const session = (isIn ? ("session" in verdict ? verdict.session : verdict.member_session) : null) as SessionOf<Its> | null;
      return { verdict, session, lines: setCookiesOf(verdict.headers), refused: !isIn && !optional };
    },
    response(verdict, target) {
      const isRedirected = log_in !== undefined && verdict.status === "unauthenticated" && wantsPage(target) && !isItself(log_in, target);
      if (!isRedirected) return refusal(verdict);
      const headers = new Headers(verdict.headers);
      headers.set("cache-control", "no-store");
      headers.set("location", withParameter(log_in, "return_to", ownPath(target.path)));
      return new Response(null, { status: SEE_OTHER, headers });
    },
  };
}

/**
 * Whether a request is for a page, so that a redirect to the log-in page helps. A browser says so in `Sec-Fetch-Mode`
 * (Fetch Metadata); over http, and in old browsers, the header is absent, and `Accept` decides. A program with a
 * Bearer credential, a script's `fetch`, and every method but GET and HEAD get the status instead: a redirect would lose the body
 * of a form, and a script would read the log-in page as its data.
 */
export function wantsPage({ method, header }: Target): boolean {
  if ((method !== "GET" && method !== "HEAD") || /^\s*bearer\b/i.test(header("authorization") ?? "")) return false;
  return isNavigation(header);
}

/**
 * Whether a browser displays the response: it does not for a script. A browser sends `Sec-Fetch-Mode` with `Sec-Fetch-Dest`; a mode
 * without it is that of a program or a proxy, such as a development server, which calls Node's `fetch` for a page.
 */
export function isNavigation(header: Target["header"]): boolean {
  const [mode, dest] = [header("sec-fetch-mode"), header("sec-fetch-dest")];
  if (mode && dest) return mode === "navigate" && !["embed", "object"].includes(dest);
  return /(^|[,\s])text\/html\s*(;|,|$)/i.test(header("accept") ?? "");
}

/** The path to return to. Several slashes would name another host. */
const ownPath = (path: string): string => `/${path.replace(/^[/\\\s]+/, "")}`;

/** A page with one more parameter. */
export function withParameter(url: string, name: string, value: string): string {
  const [, page, fragment = ""] = /^([^#]*)(.*)$/s.exec(url)!;
  return `${page}${page!.includes("?") ? "&" : "?"}${new URLSearchParams({ [name]: value })}${fragment}`;
}

/** Whether the path is that of the log-in page, which must not be redirected to itself. */
function isItself(log_in: string, { path, header }: Target): boolean {
  const [, host, page] = /^(?:https?:\/\/([^/?#]*))?([^?#]*)/.exec(log_in)!;
  return (page || "/") === path.split("?", 1)[0] && (host === undefined || host === header("host"));
}

/** Whether a value is the URL of a log-in page: a path, an https URL, or http on this machine. */
export const isPage = (log_in: unknown): boolean => typeof log_in === "string" && /^(\/(?![/\\])|https:\/\/|http:\/\/(localhost|127\.0\.0\.1)[:/])[!-~]*$/.test(log_in);

const SEE_OTHER = 303;

