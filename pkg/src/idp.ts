// The methods of `idp` that are more than one request: tokens of Connected Apps.

import type { Core } from "./core.js";
import { invalid } from "./errors.js";
import * as names from "./generated/options.js";
import { asked, bare, found, jsonOf, tokenBytes } from "./options.js";
import type { RequestLike } from "./request_headers.js";
import { metadataOf, verdictOn } from "./service_requests.js";
import type { ProtectedResource } from "./services.js";

/** Checks a Connected App's token with the project's keys. */
export async function introspectTokenLocal(core: Core, token: unknown, options: object | undefined): Promise<any> {
  const json = asked(Object(options ?? {}) as object, names.introspectTokenLocal);
  return core.flow((wasm, client, host) => wasm.introspect_token_local(client, host, tokenBytes(token), json));
}

/** Asks the API about a Connected App's token. */
export async function introspectTokenNetwork(core: Core, data: object | undefined, options: object | undefined): Promise<any> {
  const question = found(Object(options ?? {}) as object, names.introspectTokenNetwork) ?? bare();
  const fields = (question.fields = bare());
  for (const [name, value] of Object.entries((data ?? {}) as Record<string, { length?: number } | null>)) {
    // npm `stytch` leaves these two out unless they have a length.
    const is_optional = ["client_secret", "token_type_hint"].includes(name);
    if (value !== undefined && !(is_optional && !value?.length)) fields[name] = textOf(name, value);
  }
  const json = jsonOf(question);
  return core.flow((wasm, client, host) => wasm.introspect_token(client, host, json));
}

/** Checks the Connected App's token in a request. */
export function authenticateRequest(core: Core, request: RequestLike, options: unknown): Promise<any> {
  return verdictOn(core, "authenticate_app_request", "idp.authenticateRequest", request, options);
}

/** Tells clients who issues tokens for a resource. */
export function protectedResourceMetadata(core: Core, options: ProtectedResource): any {
  return metadataOf(options, core.public.origin);
}

function textOf(name: string, value: unknown): string {
  try {
    // A URL has no half of a surrogate pair, and JSON text for the wasm neither.
    return new URLSearchParams({ value: String(value) }).get("value")!;
  } catch (cause) {
    throw invalid(`${name} must be a string`, cause);
  }
}
