// Verdicts on requests: reads two headers and a caller's options, and makes `Headers` of the cookies that the wasm decides.

import type { WaitUntil } from "./config.js";
import type { Core } from "./core.js";
import { OUR_OWN, invalid, type ClientError } from "./errors.js";
import { asked, bare, headerBytes, jsonOf, optionsIn, read, refuseUnknown } from "./options.js";
import { headerOf, type RequestLike } from "./request_headers.js";

/** Options that can be asked of a request's user. */
const OPTIONS = [
  "clock_tolerance_seconds",
  "max_token_age_seconds",
  "current_date",
  "authorization_check",
  "required_claims",
  "remote_fallback",
  "session_duration_minutes",
];

const ALL = [...OPTIONS, "cookies", "wait_until"];

/** The options of cookies. */
const COOKIES = ["session_jwt", "session_token", "http_only", "secure", "same_site", "path", "domain", "max_age_seconds"];

/** The verdict on a request. */
export async function authenticateRequest(core: Core, request: RequestLike, options: unknown): Promise<any> {
  const { json, wait_until } = options === undefined ? NOTHING : questionIn(core, options);
  const authorization = headerOf("authenticateRequest", request, "Authorization");
  const cookie = headerOf("authenticateRequest", request, "Cookie");
  try {
    return verdictIn(
      await core.flow(
        (wasm, client, host) => wasm.authenticate_request(client, host, headerBytes(authorization), headerBytes(cookie), json),
        wait_until,
      ),
    );
  } catch (error) {
    // What the caller asks may be wrong; what a user sends is not an error.
    if (!OUR_OWN.includes((error as ClientError).code)) throw error;
    return { status: "unavailable", reason: "internal", headers: new Headers() };
  }
}

/** What a caller asks, as JSON text. */
interface Question {
  json?: Uint8Array | undefined;
  wait_until?: WaitUntil | undefined;
}

const NOTHING: Question = {};

function questionIn(core: Core, options: unknown): Question {
  const given = optionsIn("the options", options);
  refuseUnknown(given, ALL);
  const wait_until = (read(given, "wait_until") as WaitUntil | null | undefined) ?? undefined;
  if (wait_until !== undefined && typeof wait_until !== "function") throw invalid("wait_until must be a function");
  const question = asked(given, OPTIONS);
  const cookies = cookiesIn(core, given);
  return { json: jsonOf(cookies ? Object.assign(question ?? bare(), { cookies }) : question), wait_until };
}

/** The verdict as callers get it. Each property by name: that is faster than all but one. */
function verdictIn({ status, reason, via, session, member_session, session_jwt, claims, set_cookies }: Record<string, any>): object {
  const headers = headersOf(set_cookies);
  if (status !== "authenticated") return { status, reason, headers };
  return session ? { status, via, session, session_jwt, claims, headers } : { status, via, member_session, session_jwt, claims, headers };
}

/** The cookies of a session that has just begun. */
export function sessionHeaders(core: Core, result: unknown, options: unknown): Headers {
  const given = Object(result ?? {}) as object;
  const name = core.public.product === "b2b" ? "member_session" : "session";
  const session = read(given, name) ?? read(given, "user_session");
  const { session_jwt, session_token, expires_at } = {
    session_jwt: textIn(given, "session_jwt"),
    session_token: textIn(given, "session_token"),
    expires_at: session === undefined || session === null ? undefined : textIn(Object(session) as object, "expires_at"),
  };
  if (session_jwt === undefined && session_token === undefined) {
    throw invalid("sessionHeaders needs the result of a method that begins a session");
  }
  const cookies = ownCookies(core, options);
  return headersOf(
    core.now((wasm, client, host) => wasm.session_cookies(client, host, session_jwt, session_token, expires_at, cookies)),
  );
}

function textIn(result: object, name: string): string | undefined {
  const value = read(result, name) ?? undefined;
  if (value !== undefined && typeof value !== "string") throw invalid(`${name} of the result must be a string`);
  return value;
}

/** The cookies of a session that is over. */
export function clearSessionHeaders(core: Core, options: unknown): Headers {
  const cookies = ownCookies(core, options);
  return headersOf(core.now((wasm, client) => wasm.clear_session_cookies(client, cookies)));
}

function ownCookies(core: Core, options: unknown): Uint8Array | undefined {
  const given = optionsIn("the options", options);
  refuseUnknown(given, ["cookies"]);
  const cookies = cookiesIn(core, given);
  return cookies && jsonOf(cookies);
}

/** The options of cookies that a call has, over those of the client; undefined if it has none. */
function cookiesIn(core: Core, options: object): object | undefined {
  const own = read(options, "cookies");
  return own === undefined || own === null ? undefined : Object.assign(bare(), core.cookies, cookieOptions("cookies", own));
}

/**
 * Options of cookies, each of a type that JSON keeps. The wasm refuses those that are unknown or wrong.
 * @internal
 */
export function cookieOptions(what: string, options: unknown): object {
  const given = optionsIn(what, options);
  const found = bare();
  for (const name of new Set([...COOKIES, ...Object.keys(given)])) {
    const value = read(given, name);
    if (value === undefined) continue;
    // JSON would leave it out, and the attribute would not be set.
    if (!["string", "boolean"].includes(typeof value) && !Number.isFinite(value)) {
      throw invalid(`cookies.${name} must be a string, a finite number or a boolean`);
    }
    found[name] = value;
  }
  return found;
}

function headersOf(lines: string[]): Headers {
  const headers = new Headers();
  for (const line of lines) headers.append("Set-Cookie", line);
  return headers;
}
