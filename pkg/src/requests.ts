// Verdicts on requests, and the cookies of sessions. Reads headers and options, and makes `Headers` of the lines that the
// wasm returns. The wasm decides.

import { callOptions } from "./config_checks.js";
import type { Core, Enter } from "./core.js";
import { ClientError, OUR_OWN } from "./errors.js";
import * as names from "./generated/options.js";
import { asked, bare, found, headerBytes, isPresent, jsonOf, optionsIn, read, requestOptions } from "./options.js";
import type { Inputs } from "./recall.js";
import { headerOf, type RequestLike } from "./request_headers.js";
import { cookiesIn } from "./set_cookies.js";

/** Checks the session in a request. `ofKinds` checks it instead if the options have `accepts`. */
export async function authenticateRequest(core: Core, request: RequestLike, options: unknown, ofKinds?: typeof authenticateKinds): Promise<any> {
  if (ofKinds && typeof options === "object" && options && isPresent(options, "accepts")) return ofKinds(core, request, options);
  requestOptions(options);
  const json = asked(options, names.authenticateRequest, names.STRICT);
  const [authorization, cookie] = [headerOf("authenticateRequest", request, "Authorization"), headerOf("authenticateRequest", request, "Cookie")];
  const bytes = (number: number, header: string | undefined) => (number ? undefined : headerBytes(header));
  const enter: Enter = (wasm, client, host, number) =>
    wasm.authenticate_request(client, host, bytes(number, authorization), bytes(number, cookie), json, number);
  return verdictOf(core, "authenticateRequest", enter, options, undefined, ["request", authorization, cookie]);
}

/** Checks the token in a request, which may be of each of the kinds in `accepts`. */
export async function authenticateKinds(core: Core, request: RequestLike, options: object): Promise<any> {
  const given = optionsIn("authenticateRequest with accepts", options, [...names.authenticateKinds, ...names.callOptions, "wait_until"]);
  const accepts = read(given, "accepts") ?? "";
  const kinds = bare();
  for (const [kind, known] of Object.entries(OF_KINDS)) {
    const its = read(optionsIn("accepts", accepts, names.FIELDS.accepts!), kind) ?? undefined;
    if (its !== undefined) kinds[kind] = found(optionsIn(`accepts.${kind}`, its, known), known, names.STRICT) ?? bare();
  }
  const json = jsonOf(Object.assign(bare(), { accepts: kinds }));
  const [authorization, cookie] = [headerOf("authenticateRequest", request, "Authorization"), headerOf("authenticateRequest", request, "Cookie")];
  const enter: Enter = (wasm, client, host) => wasm.authenticate_kinds(client, host, headerBytes(authorization), headerBytes(cookie), json);
  return verdictOf(core, "authenticateRequest", enter, given);
}

const OF_KINDS = { session: names.authenticateRequest, m2m: names.authenticateMachineRequest, connected_app: names.authenticateAppRequest };

/** Checks the access token in a request to a service, by the export of the wasm for the kind of the token. */
export async function authenticateServiceRequest(core: Core, flow: keyof typeof SERVICES, request: RequestLike, options: unknown): Promise<any> {
  const [method, known, accepted] = SERVICES[flow];
  const given = optionsIn(method, options, accepted);
  const json = asked(given, known, names.STRICT);
  const authorization = headerOf(method, request, "Authorization");
  return verdictOf(core, method, (wasm, client, host) => wasm[flow](client, host, headerBytes(authorization), json), given, { http_status: 503 });
}

const SERVICES = {
  authenticate_app_request: ["idp.authenticateRequest", names.authenticateAppRequest, [...names.authenticateAppRequest, ...names.callOptions]],
  authenticate_machine_request: ["m2m.authenticateRequest", names.authenticateMachineRequest, [...names.authenticateMachineRequest, ...names.callOptions]],
} as const;

/** Runs a flow that returns a verdict. A wrong option is an error of the caller; the content of a request is not an error. */
async function verdictOf(core: Core, method: string, enter: Enter, options: unknown, defaults?: object, inputs?: Inputs): Promise<any> {
  const [began, call] = [core.reports("on_verdict") && Date.now(), callOptions(options)];
  let verdict: any;
  try {
    verdict = await core.flow(enter, options, call, inputs);
  } catch (error) {
    if (call.signal?.aborted && error === call.signal.reason) throw error;
    if (!(error instanceof ClientError && OUR_OWN.includes(error.code))) throw error;
    verdict = { status: "unavailable", ...defaults, reason: "internal" };
  }
  if (inputs) verdict.cookies = cookiesIn(verdict.headers);
  // In workerd, an argument that is an empty list costs a microsecond.
  verdict.headers = new Headers(verdict.headers?.length === 0 ? undefined : verdict.headers);
  const { status, reason, via } = verdict;
  if (began !== false) core.report("on_verdict", { method, status, ...(reason && { reason }), ...(via && { via }), duration_ms: Date.now() - began });
  return verdict;
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
