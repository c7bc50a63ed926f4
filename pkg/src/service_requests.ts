// What a service does with an access token in a request, and what it tells clients about itself. Checks no token and makes no
// challenge: the wasm does.

import { envs } from "./config.js";
import { LOOPBACK } from "./config_checks.js";
import type { Core } from "./core.js";
import { OUR_OWN, invalid, type ClientError } from "./errors.js";
import * as names from "./generated/options.js";
import { bare, found, headerBytes, jsonOf, optionsIn } from "./options.js";
import { headerOf, type RequestLike } from "./request_headers.js";
import type { ProtectedResource, ProtectedResourceMetadata } from "./services.js";

/** The names of options, by which token a service expects. */
const OPTIONS = { authenticate_app_request: names.authenticateAppRequest, authenticate_machine_request: names.authenticateMachineRequest };

/**
 * Decides about a request's token, and makes the headers of the response.
 */
export async function verdictOn(core: Core, expected: keyof typeof OPTIONS, method: string, request: RequestLike, options: unknown): Promise<any> {
  const question = found(optionsIn(options, OPTIONS[expected]), OPTIONS[expected]);
  const url = question?.resource_metadata_url ?? undefined;
  if (url !== undefined) question!.resource_metadata_url = urlOf("resource_metadata_url", url).href;
  const json = jsonOf(question);
  const authorization = headerOf(method, request, "Authorization");
  try {
    const verdict = await core.flow((wasm, client, host) => wasm[expected](client, host, headerBytes(authorization), json));
    verdict.headers = new Headers(verdict.headers);
    return verdict;
  } catch (error) {
    // What the service asks may be wrong; what a caller of it sends is not an error.
    if (!OUR_OWN.includes((error as ClientError).code)) throw error;
    return { status: "unavailable", http_status: 503, reason: "internal", headers: new Headers() };
  }
}

/**
 * The document by which clients find out who issues tokens for a resource (RFC 9728, section 2).
 */
export function metadataOf(options: ProtectedResource | undefined, origin: string): ProtectedResourceMetadata {
  const { resource, authorization_servers, scopes_supported = [], ...rest } = Object.assign(bare(), options) as unknown as ProtectedResource;
  // The identifier is compared as it is written, so it stays unchanged.
  if (urlOf("resource", resource) && resource.includes("#")) throw invalid("resource must have no fragment");
  if (!isScopes(scopes_supported)) throw invalid("scopes_supported must be a list of scopes");
  const servers = authorization_servers ?? [origin];
  if (!Array.isArray(servers) || !servers.length) throw invalid("authorization_servers must be a list of URLs");
  for (const server of servers) {
    // All projects share these hosts: none of them is an authorization server of this project.
    if ((Object.values(envs) as string[]).includes(`${urlOf("authorization_servers", server).origin}/`)) {
      throw invalid("authorization_servers must name the project's own domain, as custom_base_url or here");
    }
  }
  const scopes = scopes_supported.length ? { scopes_supported } : {};
  return { ...rest, resource, authorization_servers: servers, bearer_methods_supported: ["header"], ...scopes };
}

/** Scopes as RFC 6749, section 3.3, has them. */
function isScopes(scopes: unknown): scopes is string[] {
  return Array.isArray(scopes) && scopes.every((scope) => typeof scope === "string" && /^[!#-[\]-~]+$/.test(scope));
}

function urlOf(name: string, value: unknown): URL {
  try {
    const url = new URL(value as string);
    if (typeof value === "string" && (url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname)))) return url;
  } catch {
    // It is not a URL at all.
  }
  throw invalid(`${name} must be an https URL`);
}
