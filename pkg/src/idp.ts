// The methods of `idp` that are more than one request: access tokens of Connected Apps.

import type { Core } from "./core.js";
import * as names from "./generated/options.js";
import { asked, bare, tokenBytes } from "./options.js";
import type { RequestLike } from "./request_headers.js";
import { authenticateServiceRequest } from "./requests.js";
import type { ProtectedResource, ProtectedResourceMetadata } from "./services.js";

/** Checks a Connected App's token with the project's keys. */
export async function introspectTokenLocal(core: Core, token: unknown, options: object | undefined): Promise<any> {
  const json = asked(options, names.introspectTokenLocal);
  return core.flow((wasm, client, host) => wasm.introspect_token_local(client, host, tokenBytes(token), json), options);
}

/** Has the API introspect a Connected App's token. */
export async function introspectTokenNetwork(core: Core, data: object | undefined, options: object | undefined): Promise<any> {
  const json = asked(options, names.introspectTokenNetwork);
  return core.flow((wasm, client, host) => wasm.introspect_token(client, host, data, json), options);
}

/** Checks the Connected App's token in a request. */
export const authenticateRequest = (core: Core, request: RequestLike, options: unknown): Promise<any> =>
  authenticateServiceRequest(core, "authenticate_app_request", request, options);

/** Makes the document that names the authorization servers of a resource (RFC 9728, section 2). */
export function protectedResourceMetadata(core: Core, options: ProtectedResource): ProtectedResourceMetadata {
  const { scopes_supported, ...given } = Object.assign(bare(), options) as unknown as ProtectedResource;
  const json = asked({ ...given, scopes_supported }, names.protectedResource);
  return { ...given, ...core.now((wasm, client) => wasm.protected_resource_metadata(client, json)) };
}
