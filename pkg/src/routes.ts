// The routes of a whole log-in, for every runtime that calls a function with a Request.

import { chunksOf } from "./adapters/form.js";
import { routesOf } from "./adapters/log_in_routes.js";
import type { LoginPages } from "./log_in_types.js";
import type { B2BClient, Client } from "./index.js";
import type { CookieOptions } from "./verdicts.js";

/** The pages to which the routes redirect: paths of the own origin. */
export interface LogInRoutesPages extends Omit<LoginPages, "refused"> {
  /** The page after the log-in, if the request that started it had no `return_to`. Default: `/`. */
  logged_in?: string | undefined;
  /** The page after the log-out. Default: `/`. */
  logged_out?: string | undefined;
  /** The page on which a member selects an organization. Default: `log_in` with `step=needs_organization`. */
  needs_organization?: string | undefined;
  /** The page for the code of another factor. Default: `log_in` with `step=needs_mfa`. */
  needs_mfa?: string | undefined;
  /** The page for a new password. Default: `log_in` with `step=needs_new_password`. */
  needs_new_password?: string | undefined;
}

/** The ways to log in as a user. A method that is not set has no routes. */
export interface LogInMethods {
  /** `POST magic-link`. */
  magic_link?: boolean | undefined;
  /** The providers of OAuth, such as `["google"]`: `GET` and `POST oauth/google`. The client needs `public_token`. */
  oauth?: readonly string[] | undefined;
  /** `POST password`, `POST password/forgot` and `POST password/reset`. */
  password?: boolean | undefined;
}

/** The ways to log in as a member. A method that is not set has no routes. */
export interface B2BLogInMethods extends LogInMethods {
  /** `GET` and `POST sso/{connection_id}`. The client needs `public_token`. */
  sso?: boolean | undefined;
  /** The second factors: `POST mfa/totp` and `POST mfa/sms`. */
  mfa?: readonly ("totp" | "sms")[] | undefined;
}

/** The options of `logInRoutes`. */
export interface LogInRoutesOptions {
  /**
   * The origin of the app, such as `https://app.example.com`; http is accepted for localhost. The links of emails and of
   * providers lead to it. `Host` is never used.
   */
  origin: string;
  /** The ways to log in. */
  methods: LogInMethods;
  /** The path above the routes. Default: `/auth`. */
  base?: string | undefined;
  /**
   * The log-in page: a path of the own origin. It gets the parameter `sent=1` after an email was requested, `reason` after a
   * refusal, and `step` for a step without a page of its own in `pages`. Default: `/login`.
   */
  log_in?: string | undefined;
  /** The pages to which the routes redirect. */
  pages?: LogInRoutesPages | undefined;
  /** Whether the callback displays a button before it uses the token, because mail scanners open links. Default: false. */
  confirm?: boolean;
  /** The lifetime of the session in minutes. Default: 60. */
  session_duration_minutes?: number | undefined;
  /** Custom claims of the session. */
  session_custom_claims?: Record<string, any> | undefined;
  /** Names and attributes of the cookies, in addition to the client's configuration. */
  cookies?: CookieOptions | undefined;
}

/** The options of `logInRoutes` with a `B2BClient`. */
export interface B2BLogInRoutesOptions extends LogInRoutesOptions {
  methods: B2BLogInMethods;
}

/** A client, or a function that returns one for the runtime's other arguments: `(env: Env) => Client.fromEnv(env)`. */
export type LogInClient<Its, Rest extends unknown[]> = Its | ((...rest: Rest) => Its | Promise<Its>);

/** Responds to the requests of its routes, and returns undefined for others. */
export type LogInRoutes<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Promise<Response | undefined>;

/**
 * The routes of a whole log-in below `/auth`: they start log-ins, handle the redirect of Stytch, and log users out. POST
 * requests are accepted only from pages of the same origin.
 *
 * ```ts
 * const logIn = logInRoutes(Client.fromEnv(), { origin: "https://app.example.com", methods: { magic_link: true } });
 * const fetch = async (request: Request) => (await logIn(request)) ?? new Response("not found", { status: 404 });
 * ```
 * @throws {@link ClientError} `invalid_argument` for invalid options.
 */
export function logInRoutes<Rest extends unknown[] = []>(client: LogInClient<Client, Rest>, options: LogInRoutesOptions): LogInRoutes<Rest>;
/** The same for the members of organizations. */
export function logInRoutes<Rest extends unknown[] = []>(client: LogInClient<B2BClient, Rest>, options: B2BLogInRoutesOptions): LogInRoutes<Rest>;
export function logInRoutes<Rest extends unknown[]>(client: LogInClient<Client | B2BClient, Rest>, options: B2BLogInRoutesOptions): LogInRoutes<Rest> {
  const respond = routesOf(options);
  return async ({ method, url, headers, body }, ...rest) =>
    respond(() => (typeof client === "function" ? client(...rest) : client), { method, url, headers, body: () => chunksOf(body) });
}
