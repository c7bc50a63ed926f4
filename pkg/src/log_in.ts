// Log-in round trips. Reads requests and options, and makes `Headers` of the results of the wasm, which decides.

import { callOptions } from "./config_checks.js";
import type { Core, Enter } from "./core.js";
import { ClientError, invalid, OUR_OWN } from "./errors.js";
import * as names from "./generated/options.js";
import { asked, bytesOf, jsonOf, optionsIn, read, typeOf } from "./options.js";
import type { LoginRequest } from "./log_in_types.js";
import { headerOf } from "./request_headers.js";
import { cookiesIn } from "./set_cookies.js";

/** Starts a log-in. */
export function startLogin(core: Core, request: LoginRequest, options: unknown): any {
  const [incoming, json] = [incomingOf("startLogin", request), own("startLogin", options)];
  return withHeaders(core.now((wasm, client, host) => wasm.start_log_in(client, host, incoming, json)));
}

/** Handles the redirect at the end of a log-in. */
export async function handleCallback(core: Core, request: LoginRequest, options: unknown): Promise<any> {
  const [incoming, json] = [incomingOf("handleCallback", request), own("handleCallback", options)];
  return step(core, (wasm, client, host) => wasm.handle_callback(client, host, incoming, json), options);
}

/** Sets a new password. */
export async function resetPassword(core: Core, request: LoginRequest, options: unknown): Promise<any> {
  const [incoming, json] = [incomingOf("resetPassword", request), own("resetPassword", options)];
  return step(core, (wasm, client, host) => wasm.reset_password(client, host, incoming, json), options);
}

/** Ends a log-in with the result of a method. */
export function finishLogin(core: Core, request: LoginRequest, result: unknown, options: unknown): any {
  const [incoming, json] = [incomingOf("finishLogin", request), own("finishLogin", options)];
  const begun = asked(result, names.finishedLogin);
  const finished = core.now((wasm, client, host) => wasm.finish_log_in(client, host, incoming, begun, json));
  return withHeaders(finished.status === "refused" ? finished : { ...finished, response: result });
}

/** Whether a page of the same origin sent the request. */
export function isSameOrigin(core: Core, request: LoginRequest): boolean {
  const incoming = incomingOf("isSameOrigin", request);
  return core.now((wasm) => ({ value: wasm.is_same_origin(incoming) }));
}

/** The log-in that has not ended. */
export function pendingLogin(core: Core, request: LoginRequest, options: unknown): any {
  const json = asked(optionsIn("pendingLogin", options, names.sessionHeaders), names.sessionHeaders);
  const incoming = incomingOf("pendingLogin", request);
  const { headers: _, ...pending } = core.now((wasm, client) => wasm.pending_log_in(client, incoming, json));
  return pending;
}

/** Logs a user out. */
export async function logOut(core: Core, request: LoginRequest, options: unknown): Promise<any> {
  const [incoming, json] = [incomingOf("logOut", request), own("logOut", options)];
  return step(core, (wasm, client, host) => wasm.log_out(client, host, incoming, json), options, { revoked: false });
}

/** The meaning of a failed request with the form of a user, as npm/src/log_in.rs describes it. */
export function loginFailure(core: Core, purpose: string, http_status: number, word: string): { status: "refused" | "unavailable"; reason?: string } {
  return core.now((wasm) => wasm.log_in_failure(bytesOf(purpose), http_status, bytesOf(word)));
}

/** The options of a method, which also has those of every call. */
function own(method: "startLogin" | "handleCallback" | "resetPassword" | "finishLogin" | "logOut", options: unknown): Uint8Array | undefined {
  return asked(optionsIn(method, options, [...names[method], ...names.callOptions]), names[method], names.STRICT);
}

/** Runs a flow. A defect of this package is an outage for the user. */
async function step(core: Core, enter: Enter, options: unknown, more?: object): Promise<any> {
  const call = callOptions(options);
  try {
    return withHeaders(await core.flow(enter, options, call));
  } catch (error) {
    if (!(error instanceof ClientError && OUR_OWN.includes(error.code))) throw error;
    return withHeaders({ status: "unavailable", reason: "internal", http_status: 503, return_to: "/", headers: [], ...more });
  }
}

/** The result with `Headers`. The URL of the request may contain a token, which must not be sent to other sites or cached. */
function withHeaders(result: any): any {
  const [headers, cookies] = [new Headers(result.headers), cookiesIn(result.headers)];
  headers.set("cache-control", "no-store");
  headers.set("referrer-policy", "no-referrer");
  return { ...result, headers, cookies };
}

/** The used parts of a request, as npm/src/log_in.rs reads them. */
function incomingOf(method: string, request: LoginRequest): Uint8Array {
  const header = (name: string) => headerOf(method, request, name)?.slice(0, MAX_HEADER_LENGTH + 1);
  const text = (...properties: string[]) => {
    const value = properties.map((name) => read(request, name)).find((found) => found !== undefined);
    if (typeof value !== "string") throw invalid(`${method} accepts a request with a method and a url, but ${properties.at(-1)} is of type ${typeOf(value)}`);
    return value.slice(0, MAX_HEADER_LENGTH + 1);
  };
  const cookie = header("Cookie");
  return jsonOf({
    method: text("method"),
    // Express and others cut the prefix of a router off `url`.
    url: text("originalUrl", "url"),
    cookie,
    origin: header("Origin"),
    host: header("Host"),
    sec_fetch_site: header("Sec-Fetch-Site"),
    purpose: ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"].map(header).filter(Boolean).join(","),
  })!;
}

const MAX_HEADER_LENGTH = 2 ** 17;
