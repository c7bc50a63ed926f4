// The methods of `m2m` that are more than one request: access tokens of M2M clients.

import type { CallOptions } from "./config.js";
import type { Core } from "./core.js";
import { isReady } from "./engine.js";
import { ClientError } from "./errors.js";
import * as names from "./generated/options.js";
import * as rows from "./generated/rows.js";
import type { ScopeAuthorizationFunc, TokenResponse } from "./generated/shared_types.js";
import { asked, bare, found, jsonOf, optionsIn, read, tokenBytes } from "./options.js";
import type { RequestLike } from "./request_headers.js";
import { authenticateServiceRequest } from "./requests.js";
import type { TokenProvider } from "./token_provider.js";

/** Exchanges M2M credentials for an access token. */
export async function token(core: Core, data: Record<string, any> | undefined, options?: CallOptions): Promise<TokenResponse> {
  const { scopes, ...fields } = Object.assign(bare(), data) as Record<string, any>;
  if (scopes?.length) fields.scope = scopes.join(" ");
  return core.call(rows.m2mToken, { ...fields, project_id: core.project_id, grant_type: "client_credentials" }, options);
}

/** Creates a function that returns a valid M2M access token, and renews it before it expires. */
export function tokenProvider(core: Core, params: object | undefined): TokenProvider {
  const source = asked(optionsIn("m2m.tokenProvider", params, names.tokenProvider), names.tokenProvider);
  // In a browser the wasm may not be loaded yet; the first call checks the options then.
  if (isReady()) core.now((wasm) => wasm.check_token_provider(source));
  const provide = (options?: CallOptions) => core.flow((wasm, client, host) => wasm.access_token(client, host, source), options);
  provide.forget = (token?: string) => {
    if (isReady()) core.now((wasm, client, host) => wasm.forget_access_token(client, host, source, token));
  };
  return provide;
}

/** Checks an M2M access token and its scopes. */
export async function authenticateToken(core: Core, data: unknown, scopeAuthorizationFunc?: ScopeAuthorizationFunc, options?: CallOptions): Promise<any> {
  const question = found(data, names.authenticateToken);
  const [access_token, json, isOwn] = [read(Object(data ?? {}) as object, "access_token"), jsonOf(question), Boolean(scopeAuthorizationFunc)];
  const requiredScopes = Array.isArray(question?.required_scopes) ? Array.from(question.required_scopes as string[]) : [];
  const missing = () => new ClientError("missing_scopes", "Missing at least one required scope", requiredScopes, "missing_scopes");
  const machine = await core
    .flow((wasm, client, host) => wasm.authenticate_token(client, host, tokenBytes(access_token), json, isOwn), options)
    .catch((error: ClientError) => {
      throw error?.code === "missing_scopes" ? missing() : error;
    });
  // Its type is boolean, but an async function may be passed: its promise would count as true.
  if (scopeAuthorizationFunc && requiredScopes.length > 0 && !(await scopeAuthorizationFunc({ hasScopes: [...machine.scopes], requiredScopes }))) throw missing();
  return machine;
}

/** Checks the M2M token in a request. */
export const authenticateRequest = (core: Core, request: RequestLike, options: unknown): Promise<any> =>
  authenticateServiceRequest(core, "authenticate_machine_request", request, options);
