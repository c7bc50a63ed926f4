// The methods of `m2m` that are more than one request: access tokens of M2M clients.

import type { Core } from "./core.js";
import { isReady } from "./engine.js";
import { ClientError, invalid } from "./errors.js";
import * as rows from "./generated/rows.js";
import type { TokenResponse } from "./generated/shared_types.js";
import { asked, bare, jsonOf, read, scopesOf, tokenBytes } from "./options.js";
import type { RequestLike } from "./request_headers.js";
import { verdictOn } from "./service_requests.js";
import type { TokenProvider } from "./token_provider.js";

/** Exchanges M2M credentials for an access token. */
export async function token(core: Core, data: Record<string, any> | undefined): Promise<TokenResponse> {
  const { scopes, ...fields } = Object.assign(bare(), data) as Record<string, any>;
  if (scopes?.length) fields.scope = scopes.join(" ");
  return core.call(rows.m2mToken, { ...fields, project_id: core.public.project_id, grant_type: "client_credentials" });
}

/** Keeps an M2M access token, and renews it in time. */
export function tokenProvider(core: Core, params: object | undefined): TokenProvider {
  const given = Object(params ?? {}) as object;
  const [client_id, client_secret] = [read(given, "client_id"), read(given, "client_secret")];
  if (!client_id || typeof client_id !== "string" || !client_secret || typeof client_secret !== "string") {
    throw invalid("client_id and client_secret must be strings");
  }
  const list = read(given, "scopes") ?? [];
  if (!Array.isArray(list) || list.some((scope) => typeof scope !== "string")) throw invalid("scopes must be a list of strings");
  // A copy: the caller may change its list later.
  const scopes = [...(list as string[])];
  const ahead = read(given, "refresh_ahead_seconds") ?? 60;
  if (!(typeof ahead === "number" && ahead >= 0)) throw invalid("refresh_ahead_seconds must be a number of at least 0");
  // No more than half of a token's life is used of it.
  const seconds = Math.min(ahead, Number.MAX_SAFE_INTEGER);
  const provider = (lastProvider += 1);
  const provide = () =>
    core.flow((wasm, client, host) => wasm.access_token(client, host, client_id, client_secret, scopes, seconds, provider));
  provide.forget = (token?: string) => {
    if (isReady()) core.now((wasm, client, host) => wasm.forget_access_token(client, host, client_id, client_secret, scopes, token));
  };
  return provide;
}

let lastProvider = 0;

/** Checks an M2M access token and its scopes. */
export async function authenticateToken(
  core: Core,
  data: object | undefined,
  scopeAuthorizationFunc?: (scopes: { hasScopes: string[]; requiredScopes: string[] }) => unknown,
): Promise<any> {
  const given = Object(data ?? {}) as object;
  const question = asked(given, ["max_token_age_seconds", "clock_tolerance_seconds"]) ?? bare();
  const required = scopesOf(read(given, "required_scopes") ?? []);
  if (required.length && !scopeAuthorizationFunc) question.required_scopes = required;
  const json = jsonOf(question);
  const access_token = read(given, "access_token");
  const missing = () => new ClientError("missing_scopes", "Missing at least one required scope", required, "missing_scopes");
  const machine = await core
    .flow((wasm, client, host) => wasm.authenticate_token(client, host, tokenBytes(access_token), json))
    .catch((error: ClientError) => {
      throw error.code === "missing_scopes" ? missing() : error;
    });
  if (required.length && scopeAuthorizationFunc) {
    // The types say boolean; the promise of one would pass for a yes.
    if (!(await scopeAuthorizationFunc({ hasScopes: [...machine.scopes], requiredScopes: required }))) throw missing();
  }
  return machine;
}

/** Checks the M2M token in a request. */
export function authenticateRequest(core: Core, request: RequestLike, options: unknown): Promise<any> {
  return verdictOn(core, "authenticate_machine_request", "m2m.authenticateRequest", request, options);
}
