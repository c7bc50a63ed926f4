// Verdicts on requests: reads two headers and a caller's options, and makes `Headers` of the cookies that the wasm decides.

import type { WaitUntil } from "./config.js";
import type { Core } from "./core.js";
import { OUR_OWN, invalid, type ClientError } from "./errors.js";
import * as names from "./generated/options.js";
import { asked, exactly, headerBytes, optionsIn, read } from "./options.js";
import { headerOf, type RequestLike } from "./request_headers.js";

/** The verdict on a request. */
export async function authenticateRequest(core: Core, request: RequestLike, options: unknown): Promise<any> {
  const { json, wait_until } = options === undefined ? NOTHING : questionIn(options);
  const authorization = headerOf("authenticateRequest", request, "Authorization");
  const cookie = headerOf("authenticateRequest", request, "Cookie");
  try {
    const verdict = await core.flow(
      (wasm, client, host) => wasm.authenticate_request(client, host, headerBytes(authorization), headerBytes(cookie), json),
      wait_until,
    );
    verdict.headers = headersOf(verdict.headers);
    return verdict;
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

function questionIn(options: unknown): Question {
  const given = optionsIn(options, [...names.authenticateRequest, "wait_until"]);
  const wait_until = (read(given, "wait_until") as WaitUntil | null | undefined) ?? undefined;
  if (wait_until !== undefined && typeof wait_until !== "function") throw invalid("wait_until must be a function");
  return { json: asked(given, names.authenticateRequest), wait_until };
}

/** The cookies of a session that has just begun. */
export function sessionHeaders(core: Core, result: unknown, options: unknown): Headers {
  const begun = asked(Object(result ?? {}) as object, names.begunSession);
  const cookies = ownCookies(options);
  return headersOf(core.now((wasm, client, host) => wasm.session_cookies(client, host, begun, cookies)));
}

/** The cookies of a session that is over. */
export function clearSessionHeaders(core: Core, options: unknown): Headers {
  const cookies = ownCookies(options);
  return headersOf(core.now((wasm, client) => wasm.clear_session_cookies(client, cookies)));
}

function ownCookies(options: unknown): Uint8Array | undefined {
  return asked(optionsIn(options, names.sessionHeaders), names.sessionHeaders);
}

/**
 * Options of cookies in a configuration, each of a type that JSON keeps. The wasm refuses those that are unknown or wrong.
 * @internal
 */
export function cookieOptions(what: string, options: unknown): object {
  const found = exactly("cookies", options) as Record<string, unknown>;
  if (Array.isArray(found)) throw invalid(`${what} must be an object`);
  const wrong = Object.keys(found).find((name) => typeof found[name] === "object");
  if (wrong !== undefined) throw invalid(`cookies.${wrong} must be a string, a finite number or a boolean`);
  return found;
}

function headersOf(lines: string[]): Headers {
  const headers = new Headers();
  for (const line of lines) headers.append("Set-Cookie", line);
  return headers;
}
