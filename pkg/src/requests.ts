// Verdicts on requests, and the cookies of sessions. Reads headers and options, and makes `Headers` of the lines that the
// wasm returns. The wasm decides.

import type { WaitUntil } from "./config.js";
import type { Core, Enter } from "./core.js";
import { OUR_OWN, invalid, type ClientError } from "./errors.js";
import * as names from "./generated/options.js";
import { asked, headerBytes, optionsIn, read, requestOptions } from "./options.js";
import { headerOf, type RequestLike } from "./request_headers.js";

/** Checks the session in a request. */
export async function authenticateRequest(core: Core, request: RequestLike, options: unknown): Promise<any> {
  const given = requestOptions(options);
  const wait_until = (read(given, "wait_until") as WaitUntil | null | undefined) ?? undefined;
  if (wait_until !== undefined && typeof wait_until !== "function") throw invalid("wait_until must be a function");
  const json = asked(given, names.authenticateRequest, names.STRICT);
  const [authorization, cookie] = [headerOf("authenticateRequest", request, "Authorization"), headerOf("authenticateRequest", request, "Cookie")];
  const enter: Enter = (wasm, client, host) => wasm.authenticate_request(client, host, headerBytes(authorization), headerBytes(cookie), json);
  return verdictOf(core, enter, undefined, wait_until);
}

/** Checks the access token in a request to a service, by the export of the wasm for the kind of the token. */
export async function authenticateServiceRequest(core: Core, flow: keyof typeof SERVICES, request: RequestLike, options: unknown): Promise<any> {
  const [method, known] = SERVICES[flow];
  const json = asked(optionsIn(method, options, known), known, names.STRICT);
  const authorization = headerOf(method, request, "Authorization");
  return verdictOf(core, (wasm, client, host) => wasm[flow](client, host, headerBytes(authorization), json), 503);
}

const SERVICES = {
  authenticate_app_request: ["idp.authenticateRequest", names.authenticateAppRequest],
  authenticate_machine_request: ["m2m.authenticateRequest", names.authenticateMachineRequest],
} as const;

/** Runs a flow that returns a verdict. A wrong option is an error of the caller; the content of a request is not an error. */
async function verdictOf(core: Core, enter: Enter, http_status: number | undefined, wait_until?: WaitUntil): Promise<any> {
  try {
    const verdict = await core.flow(enter, wait_until);
    verdict.headers = new Headers(verdict.headers);
    return verdict;
  } catch (error) {
    if (!OUR_OWN.includes((error as ClientError).code)) throw error;
    return { status: "unavailable", ...(http_status && { http_status }), reason: "internal", headers: new Headers() };
  }
}

/** The cookies of a session that has just begun. */
export function sessionHeaders(core: Core, result: unknown, options: unknown): Headers {
  const [begun, cookies] = [asked(result, names.begunSession), ownCookies("sessionHeaders", options)];
  return new Headers(core.now((wasm, client, host) => wasm.session_cookies(client, host, begun, cookies)));
}

/** The cookies of a session that is over. */
export function clearSessionHeaders(core: Core, options: unknown): Headers {
  const cookies = ownCookies("clearSessionHeaders", options);
  return new Headers(core.now((wasm, client) => wasm.clear_session_cookies(client, cookies)));
}

const ownCookies = (method: string, options: unknown): Uint8Array | undefined => asked(optionsIn(method, options, names.sessionHeaders), names.sessionHeaders);
