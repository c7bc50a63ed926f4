// The session in server components and server actions of Next.js. Does not refresh it: the proxy has done it.

import { headers } from "next/headers";
import { redirect } from "next/navigation";

import { isPage, type RefusedBy, type SessionOf, type VerdictOf } from "../adapters/guard.js";
import { ClientError, invalid } from "../errors.js";
import type { AuthenticatorOptions, RequestAuthenticator } from "../handlers.js";
import type { LoggedOut, LoginRequest } from "../log_in_types.js";
import { plain } from "../options.js";
import { currentRequest, setCookies } from "./cookies.js";

/** A client, or a function that returns one. */
type ClientOf<Its> = Its | (() => Its);

/**
 * The session of the request that is being rendered or handled, or null. It never refreshes the session, and requests nothing of
 * the API but the key set and, for `authorization_check`, the policy. Without the proxy, an expired JWT results in null.
 *
 * ```tsx
 * const user = await session(client);
 * return user ? <p>Hello {user.user_id}</p> : <a href="/login">Log in</a>;
 * ```
 */
export async function session<Its extends RequestAuthenticator>(client: ClientOf<Its>, options?: AuthenticatorOptions<Its>): Promise<SessionOf<Its> | null> {
  return sessionOf<Its>(await verdictHere(client, options));
}

/** The options of `requireSession`. */
export type RequireSessionOptions<Its extends RequestAuthenticator> = AuthenticatorOptions<Its> & {
  /** The log-in page: a path, to which Next adds its `basePath`, or an absolute URL. */
  log_in: string;
  /** Is called before the redirect if the request has no valid session. It may call `forbidden()`, `notFound()` or `redirect(...)`. */
  refused?: ((verdict: RefusedBy<Its>) => unknown) | undefined;
};

/**
 * The session, for server components and server actions that need one. Without a session, it redirects to the log-in page.
 *
 * ```ts
 * "use server";
 * export async function rename(form: FormData) {
 *   const { user_id } = await requireSession(client, { log_in: "/login" });
 * ```
 *
 * @throws the redirect of Next, and {@link ClientError}: `invalid_permissions` if the user does not meet the requirements,
 * `unavailable` if the session cannot be checked now.
 */
export async function requireSession<Its extends RequestAuthenticator>(client: ClientOf<Its>, options: RequireSessionOptions<Its>): Promise<SessionOf<Its>> {
  const { log_in, refused, ...asked } = plain<RequireSessionOptions<Its>>("the options", options);
  if (!isPage(log_in)) throw invalid("log_in must be a path that begins with one /, or an https URL");
  const verdict = await verdictHere(client, asked as AuthenticatorOptions<Its>);
  const own = sessionOf<Its>(verdict);
  if (own !== null) return own;
  const { status, reason } = verdict as RefusedBy<Its>;
  await refused?.(verdict as RefusedBy<Its>);
  if (status === "unauthenticated") redirect(log_in as string);
  throw status === "forbidden"
    ? new ClientError("invalid_permissions", "the user does not meet the requirements", undefined, reason)
    : new ClientError("unavailable", "the session cannot be checked now", undefined, reason);
}

/** The `logOut` of a client. */
export interface LogOutOf {
  logOut(request: LoginRequest, options?: any): Promise<LoggedOut>;
}

/**
 * Logs the user out in a server action: ends the session in the API, and clears the cookies, also if the API is not reached.
 *
 * ```ts
 * "use server";
 * export async function leave() {
 *   await logOut(client);
 *   redirect("/");
 * }
 * ```
 */
export async function logOut<Its extends LogOutOf>(client: ClientOf<Its>, options?: Parameters<Its["logOut"]>[1]): Promise<LoggedOut> {
  const own = await headers();
  // Next calls actions by POST only.
  const result = await made(client).logOut({ method: "POST", url: "/", headers: own }, options);
  await setCookies(result);
  return result;
}

/** The verdict on the current request. */
async function verdictHere<Its extends RequestAuthenticator>(client: ClientOf<Its>, options: AuthenticatorOptions<Its> | undefined): Promise<VerdictOf<Its>> {
  // Before the client is made: at build time, the variables of the deployment may be absent.
  const request = await currentRequest();
  return (await made(client).authenticateRequest(request, { ...options, remote_fallback: "never" })) as VerdictOf<Its>;
}

const made = <Its>(client: ClientOf<Its>): Its => (typeof client === "function" ? (client as () => Its)() : client);

function sessionOf<Its extends RequestAuthenticator>(verdict: VerdictOf<Its>): SessionOf<Its> | null {
  if (verdict.status !== "authenticated") return null;
  return ("session" in verdict ? verdict.session : verdict.member_session) as SessionOf<Its>;
}
