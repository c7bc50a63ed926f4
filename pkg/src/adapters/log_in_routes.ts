// The routes of a whole log-in: which request starts, ends or continues which log-in. The client decides about tokens, cookies
// and origins. Does not know frameworks: an adapter passes the parts of a request.

import { ClientError, invalid, OUR_OWN, RequestError, StytchError } from "../errors.js";
import { loginResponse } from "../log_in_response.js";
import type { B2BLogInRoutesOptions } from "../routes.js";
import { optionsIn, plain } from "../options.js";
import { fieldsOf, type Body } from "./form.js";
import { isNavigation, withParameter } from "./guard.js";

/** The parts of a request. */
export interface IncomingRequest {
  method: string;
  /** The URL, or its path and query. */
  url: string;
  headers: Headers;
  /** The body, which is requested only by routes that have a form. */
  body(): Body;
}

/** The response to a request, or undefined if the routes do not have its path. */
export type Respond = (clientOf: () => unknown, request: IncomingRequest) => Promise<Response | undefined>;

/** Reads the options, each once. */
export function routesOf(given: B2BLogInRoutesOptions): Respond {
  const options = optionsOf(given);
  return async (clientOf, { method, url, headers, body }) => {
    const { pathname = "", search, searchParams } = urlOf(url, options.origin) ?? {};
    const path = pathname.startsWith(`${options.base}/`) ? pathname.slice(options.base.length + 1) : "";
    const [, kind, detail = ""] = /^(oauth|sso)\/([\w-]{1,200})$/.exec(path) ?? [];
    const route = options.routes.get(kind === "sso" ? SSO : path);
    if (!route || !searchParams) return undefined;
    const client: any = await clientOf();
    const isMember = "discovery" in client;
    if (route.members && !isMember) return undefined;
    if (!route.methods.includes(method)) return refused(405, "method_not_allowed", { allow: route.methods.join(", ") });
    // The configured origin is in place of that of the request, which follows from `Host`.
    const request = { method, url: options.origin + pathname + search, headers };
    const isPage = isNavigation((key) => headers.get(key));
    // An image or an object of a page may be the content of another user.
    const isOwnLink = isPage && !searchParams.has(CLICK) && client.isSameOrigin(request);
    if (route.isStart && method === "GET" && !isOwnLink) return button();
    // Before any refusal: workerd closes a connection with a body that has not been read, and development servers then respond with
    // an error to the next request.
    const fields = method === "POST" ? await fieldsOf(body(), headers) : new Map<string, string>();
    if (method === "POST" && !client.isSameOrigin(request)) return refused(403, "cross_origin");
    if (typeof fields === "number") return refused(fields, "form_not_accepted");
    const given = (key: string) => fields.get(key) ?? (IN_QUERIES.includes(key) ? searchParams.get(key) : "") ?? "";
    const field = (key: string) => (key === "return_to" ? withClick(given(key), options.origin) : given(key));
    const result = await route.run({ client, request, isMember, detail, field, options });
    return method === "POST" && !isPage ? forScript(result) : loginResponse(result);
  };
}

/**
 * The page to return to. If it may be the start of another log-in, at whatever `base`, it displays a button first: the redirect
 * to it is of the same origin, and an attacker who chose the page could log the user in to another account.
 */
function withClick(page: string, origin: string): string {
  const { pathname = "" } = urlOf(page, origin) ?? {};
  return /\/(oauth|sso)\/[\w-]+$/.test(decoded(pathname)) ? withParameter(page, CLICK, "1") : page;
}

/** A path as a framework may decode it. The client does not accept a path that cannot be decoded. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The URL of a request. The target of a request of Node is a path, which may begin with several slashes, or any text. */
function urlOf(target: string, origin: string): URL | undefined {
  try {
    return new URL(target.startsWith("/") ? origin + target : target);
  } catch {
    return undefined;
  }
}

/** A request to a route. */
interface Step {
  client: any;
  request: { method: string; url: string; headers: Headers };
  isMember: boolean;
  /** The last part of the path: the provider or the connection. */
  detail: string;
  /** A field of the form or the query; empty if it is absent. */
  field(key: string): string;
  options: Options;
}

/** A result, as `loginResponse` reads it. */
interface Result {
  status: string;
  reason?: string;
  http_status: number;
  location?: string;
  headers: Headers;
  retry_after_seconds?: number;
}

interface Route {
  methods: string[];
  run(step: Step): Result | Promise<Result>;
  /** Whether only members have it. */
  members?: boolean;
  /** Whether GET starts a log-in: by a link on a page of the same origin, or after a click. */
  isStart?: boolean;
}

interface Options {
  origin: string;
  base: string;
  log_in: string;
  pages: Record<string, string | undefined>;
  /** The options of the client's methods that begin a session. */
  session: { session_duration_minutes: number; session_custom_claims?: unknown };
  cookies: { cookies?: unknown };
  confirm: boolean;
  routes: Map<string, Route>;
}

/** Where Stytch sends the browser. */
const callbackOf = ({ origin, base }: Options): string => `${origin}${base}/callback`;

/** `POST magic-link`: for a member of a known organization, or for discovery of organizations. */
function magicLink(step: Step): Promise<Result> {
  const { client, field, isMember, options } = step;
  const [email, organization_id, url] = [field("email"), field("organization_id"), callbackOf(options)];
  const { email: emails } = client.magicLinks;
  if (isMember && !organization_id) {
    return emailed(step, "discovery", (pkce_code_challenge) =>
      emails.discovery.send({ email_address: email, pkce_code_challenge, discovery_redirect_url: url }));
  }
  return emailed(step, "magic_link", (code) =>
    isMember
      ? emails.loginOrSignup({ organization_id, email_address: email, pkce_code_challenge: code, login_redirect_url: url, signup_redirect_url: url })
      : emails.loginOrCreate({ email, code_challenge: code, login_magic_link_url: url, signup_magic_link_url: url }));
}

/** The user, or the member of a known organization, whose email address the form has. */
const personOf = ({ field, isMember }: Step): object =>
  isMember ? { organization_id: field("organization_id"), email_address: field("email") } : { email: field("email") };

/** `POST password/forgot`. */
function forgot(step: Step): Promise<Result> {
  const { client, options } = step;
  const url = callbackOf(options);
  return emailed(step, "password_reset", (code_challenge) =>
    client.passwords.email.resetStart({ ...personOf(step), code_challenge, reset_password_redirect_url: url, login_redirect_url: url }));
}

/**
 * Has the API send an email. The result is the same whether or not there is such a user: otherwise an attacker could find out
 * who has an account. Only a malformed address is refused.
 */
async function emailed(step: Step, method: string, send: (code_challenge: string) => Promise<unknown>): Promise<Result> {
  if (!step.field("email")) return ended(step, { status: "refused", reason: "email_not_accepted" });
  const { code_challenge, headers } = started(step, { method });
  try {
    await send(code_challenge);
  } catch (error) {
    const failed = failureOf(step, error, "email_not_accepted");
    const isMalformed = error instanceof StytchError && error.error_type === "invalid_email";
    if (failed.status === "unavailable" || isMalformed) return ended(step, failed);
  }
  return { status: "sent", http_status: 303, location: withParameter(step.options.log_in, "sent", "1"), headers };
}

/** `oauth/{provider}`: for a member of a known organization, or for discovery of organizations. */
function oauth(step: Step): Result {
  const { detail: provider, field, isMember, options } = step;
  const url = callbackOf(options);
  const [organization_id, slug] = [field("organization_id"), field("slug")];
  if (isMember && !organization_id && !slug) return redirected(step, { method: "discovery_oauth", provider, params: { discovery_redirect_url: url } });
  const of = organization_id ? { organization_id } : { slug };
  return redirected(step, { method: "oauth", provider, params: { ...(isMember && of), login_redirect_url: url, signup_redirect_url: url } });
}

/** `sso/{connection_id}`. */
function sso(step: Step): Result {
  const url = callbackOf(step.options);
  return redirected(step, { method: "sso", params: { connection_id: step.detail, login_redirect_url: url, signup_redirect_url: url } });
}

function redirected(step: Step, how: object): Result {
  const { url, headers } = started(step, how);
  return { status: "redirect", http_status: 303, location: url, headers };
}

/** Starts a log-in. If `return_to` is not a path of the own origin, the user returns to the default page. */
function started({ client, request, field, options }: Step, how: object): any {
  const start = (return_to: string | undefined) => client.startLogin(request, { ...how, return_to, ...options.cookies });
  return orElse(start, field("return_to"), options.pages.logged_in);
}

/** Calls a method with a page that the request names, or if the method does not accept it, with the default. */
function orElse<Value>(call: (page: string | undefined) => Value, page: string, home: string | undefined): Value {
  if (!page) return call(home);
  try {
    return call(page);
  } catch {
    return call(home);
  }
}

/** `callback`. */
function callback({ client, request, options }: Step): Promise<Result> {
  const { confirm, cookies, session } = options;
  return client.handleCallback(request, { pages: pagesOf(options), confirm, ...cookies, ...session });
}

/** `POST password`. */
function password(step: Step): Promise<Result> {
  const { client, field } = step;
  const body = { ...personOf(step), password: field("password") };
  return begun(step, body, WRONG_PASSWORD, (all) => client.passwords.authenticate(all));
}

/** `POST password/reset`, with the new password. The user can send another password, but cannot repeat a reset that has ended. */
async function reset({ client, request, field, options }: Step): Promise<Result> {
  const { cookies, session, log_in } = options;
  const pages = pagesOf(options);
  const asked = { password: field("password"), pages: { ...pages, refused: pages.needs_new_password }, ...cookies, ...session };
  const result: Result = await client.resetPassword(request, asked);
  const { status, reason = "" } = result;
  return status === "refused" && reason !== "password_not_accepted" ? { ...result, location: withParameter(log_in, "reason", reason) } : result;
}

/** `POST organization`, with the organization that the member has selected. */
function organization(step: Step): Promise<Result> {
  const { client, request, field, options } = step;
  const { intermediate_session_token } = client.pendingLogin(request, options.cookies);
  const body = { organization_id: field("organization_id"), intermediate_session_token };
  return begun(step, body, "organization_not_accepted", (all) => client.discovery.intermediateSessions.exchange(all), "needs_organization");
}

/** `POST mfa/totp` and `POST mfa/sms`, with the code. */
function factor(step: Step, authenticate: (client: any, body: object) => Promise<unknown>): Promise<Result> {
  const { client, request, field, options } = step;
  const { intermediate_session_token, organization_id, member_id } = client.pendingLogin(request, options.cookies);
  const body = { organization_id, member_id, code: field("code"), intermediate_session_token };
  return begun(step, body, "code_not_accepted", (all) => authenticate(client, all), "needs_mfa");
}

/**
 * Ends a log-in with a method of the API, if its request has all fields. `again` is the step of a log-in that has begun; the
 * user can repeat the step.
 */
async function begun(step: Step, body: object, reason: string, call: (body: object) => Promise<any>, again?: string): Promise<Result> {
  const { client, request, field, options } = step;
  const pages = pagesOf(options);
  const isLost = "intermediate_session_token" in body && !body.intermediate_session_token;
  if (isLost) return ended(step, { status: "refused", reason: NOT_STARTED });
  if (Object.values(body).some((value) => !value)) return ended(step, { status: "refused", reason }, again && pages[again]);
  try {
    const result = await call({ ...body, ...options.session });
    const finish = (logged_in: string | undefined) => client.finishLogin(request, result, { pages: { ...pages, logged_in }, ...options.cookies });
    return again ? finish(undefined) : orElse(finish, field("return_to"), options.pages.logged_in);
  } catch (error) {
    const failed = failureOf(step, error, reason);
    return ended(step, failed, failed.reason === NOT_STARTED ? undefined : again && pages[again]);
  }
}

/** `POST log-out`. */
const logOut = ({ client, request, options }: Step): Promise<Result> => client.logOut(request, { return_to: options.pages.logged_out, ...options.cookies });

type Failure = Pick<Result, "status" | "reason" | "retry_after_seconds">;

/**
 * What an error says about a log-in. The client decides about errors of requests; `reason` is that of a form whose fields are not
 * accepted. An error that is not about the log-in is thrown.
 */
function failureOf({ client }: Step, error: unknown, reason: string): Failure {
  if (error instanceof ClientError && OUR_OWN.includes(error.code)) return { status: "unavailable", reason: "internal" };
  const isApi = error instanceof StytchError;
  if (!isApi && !(error instanceof RequestError)) throw error;
  const [http_status, word, after] = isApi ? [error.status_code, error.error_type] : [0, error.reason, error.retry_after_seconds];
  const found: Failure = client.loginFailure(reason === WRONG_PASSWORD ? "password" : "form", http_status, word ?? "");
  return { status: found.status, reason: found.reason ?? reason, ...(after && { retry_after_seconds: after }) };
}

/** The intermediate session has ended, or is that of another browser. */
const NOT_STARTED = "flow_not_started_here";

const WRONG_PASSWORD = "credentials_not_accepted";

/** The end of a log-in that was refused, or that cannot be decided now. */
function ended({ options: { log_in, pages } }: Step, failure: Failure, again = log_in): Result {
  const { status, reason = "" } = failure;
  const page = status === "refused" ? again : pages.unavailable;
  const location = page && { location: withParameter(page, "reason", reason) };
  return { ...failure, http_status: page ? 303 : 503, ...location, headers: noStore() };
}

/**
 * The page with a button, for a link that is not on a page of the same origin. Otherwise such a link could log users in to the
 * attacker's account without a click: a connection of SSO may be the attacker's own.
 */
function button(): Response {
  const response = loginResponse({ status: "needs_click", http_status: 200, headers: noStore() });
  // Browsers also apply `form-action` to the redirect to the provider.
  response.headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
  return response;
}

/** A response without a redirect. */
function refused(http_status: number, reason: string, more: Record<string, string> = {}): Response {
  const response = loginResponse({ status: "refused", reason, http_status, headers: noStore() });
  for (const [name, value] of Object.entries(more)) response.headers.set(name, value);
  return response;
}

/** The response to a script: it does not follow a redirect, but reads where the user goes next. */
function forScript(result: Result): Response {
  const { status, reason, location, retry_after_seconds = 5 } = result;
  if (location === undefined) return loginResponse(result);
  const headers = new Headers(result.headers);
  headers.set("content-type", "application/json");
  if (status === "unavailable") headers.set("retry-after", String(retry_after_seconds));
  return new Response(JSON.stringify({ status, reason, location }), { status: SCRIPT_STATUS[status] ?? 200, headers });
}

const SCRIPT_STATUS: Record<string, number> = { refused: 403, unavailable: 503 };

const noStore = (): Headers => new Headers({ "cache-control": "no-store", "referrer-policy": "no-referrer" });

/** The pages of the client's methods. A step without a page is a step of the log-in page. */
function pagesOf({ log_in, pages }: Options): Options["pages"] {
  const steps = ["needs_organization", "needs_mfa", "needs_new_password"];
  const own = steps.map((step) => [step, pages[step] ?? withParameter(log_in, "step", step)]);
  return { ...Object.fromEntries(own), refused: log_in, unavailable: pages.unavailable };
}

function optionsOf(given: B2BLogInRoutesOptions): Options {
  const { origin, methods, base = "/auth", log_in = "/login", confirm = false, session_duration_minutes = 60, session_custom_claims, cookies } = optionsIn(
    "logInRoutes", given, NAMES,
  ) as B2BLogInRoutesOptions;
  if (!isOrigin(origin)) throw invalid('origin must be an https origin without a path, such as "https://app.example.com", or http on localhost');
  if (typeof base !== "string" || !/^(\/[\w.~-]+)+$/.test(base)) throw invalid('base must be a path such as "/auth"');
  const pages = plain("pages", optionsIn("logInRoutes: pages", given.pages, PAGES)) as Options["pages"];
  for (const [name, page] of Object.entries({ log_in, ...pages })) {
    if (page !== undefined && !/^\/(?![/\\])[!-~]*$/.test(page)) throw invalid(`${name} must be a path that begins with one /`);
  }
  if (typeof confirm !== "boolean") throw invalid("confirm must be a boolean");
  return {
    origin, base, log_in, pages, confirm,
    session: { session_duration_minutes, ...(session_custom_claims && { session_custom_claims }) },
    cookies: cookies ? { cookies } : {},
    routes: tableOf(methods, confirm),
  };
}

const isOrigin = (origin: unknown): boolean =>
  typeof origin === "string" && /^(https:\/\/[\w.-]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\]))(:\d+)?$/.test(origin);

/** The routes of the methods that are set. */
function tableOf(given: B2BLogInRoutesOptions["methods"], confirm: boolean): Map<string, Route> {
  if (!given) throw invalid("methods is required, such as { magic_link: true }");
  const { magic_link = false, password: has_password = false, sso: has_sso = false, oauth: providers = [], mfa = [] } = optionsIn("logInRoutes: methods", given, METHODS) as typeof given;
  for (const [name, value] of Object.entries({ magic_link, password: has_password, sso: has_sso })) {
    if (typeof value !== "boolean") throw invalid(`methods.${name} must be a boolean`);
  }
  if (!isListOf(providers, /^[a-z0-9_]{1,64}$/)) throw invalid('methods.oauth must be a list of providers, such as ["google"]');
  if (!isListOf(mfa, /^(totp|sms)$/)) throw invalid('methods.mfa must be a list of "totp" and "sms"');
  const [post, both] = [["POST"], ["GET", "POST"]];
  const rows: [string, Route, boolean][] = [
    ["callback", { methods: confirm ? both : ["GET"], run: callback }, true],
    ["log-out", { methods: post, run: logOut }, true],
    ["magic-link", { methods: post, run: magicLink }, magic_link],
    ...providers.map((provider): [string, Route, boolean] => [`oauth/${provider}`, { methods: both, run: oauth, isStart: true }, true]),
    [SSO, { methods: both, run: sso, members: true, isStart: true }, has_sso],
    ["password", { methods: post, run: password }, has_password],
    ["password/forgot", { methods: post, run: forgot }, has_password],
    ["password/reset", { methods: post, run: reset }, has_password],
    ["organization", { methods: post, run: organization, members: true }, true],
    ["mfa/totp", { methods: post, run: (step) => factor(step, (client, body) => client.totps.authenticate(body)), members: true }, mfa.includes("totp")],
    ["mfa/sms", { methods: post, run: (step) => factor(step, (client, body) => client.otps.sms.authenticate(body)), members: true }, mfa.includes("sms")],
  ];
  return new Map(rows.filter(([, , isOn]) => isOn).map(([path, route]) => [path, route]));
}

const isListOf = (list: unknown, pattern: RegExp): boolean => Array.isArray(list) && list.every((item) => typeof item === "string" && pattern.test(item));

/** The parameter of a link that needs a click. */
const CLICK = "click";
/** The fields that a URL may have. Secrets are not among them. */
const IN_QUERIES = ["return_to", "organization_id", "slug"];
/** The paths of requests do not contain braces. */
const SSO = "sso/{connection_id}";
const NAMES = ["origin", "methods", "base", "log_in", "pages", "confirm", "session_duration_minutes", "session_custom_claims", "cookies"];
const PAGES = ["logged_in", "logged_out", "needs_organization", "needs_mfa", "needs_new_password", "unavailable"];
const METHODS = ["magic_link", "oauth", "password", "sso", "mfa"];
