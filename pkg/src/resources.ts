// What a service does with an access token in a request (RFC 6750), and what it tells
// clients about itself (RFC 9728). Checks no token: the wasm does. Nothing that the caller
// of the service sent goes into a response header.

import { permission } from "./checks.js";
import { envs } from "./config.js";
import { LOOPBACK } from "./config_checks.js";
import { OUR_OWN, RequestError, StytchError, invalid, type ClientError } from "./errors.js";
import { requestOutcome } from "./outcomes.js";
import type { ResourceReason, Via } from "./generated/words.js";
import { HTTP_STATUS } from "./handlers.js";
import { plain } from "./options.js";
import { headerOf, type RequestLike } from "./request_headers.js";

/** A Fetch `Request`, a request of Node, or anything else with `headers`. */
export type ResourceRequest = RequestLike;

/** What a service requires of a token. */
export interface MachineRequestOptions {
  /**
   * The names of this service: the token's `aud` must contain one of them in addition to the
   * project's identifier. Without it, the project's is enough, and a token that was issued for
   * another service of the project is accepted here too.
   */
  audience?: string | string[];
  /** Scopes that the token must all have; a held `read:*` stands for every scope that starts with read. */
  required_scopes?: string[];
  /** The oldest token to accept, counted from when it was issued. Default: any age. */
  max_token_age_seconds?: number | undefined;
  /** How far the clocks may differ when times are compared, in seconds. Default: 0. */
  clock_tolerance_seconds?: number | undefined;
  /** What the challenge calls this service. */
  realm?: string | undefined;
  /** Where this service publishes its metadata; the challenge says so (RFC 9728, section 5.1). */
  resource_metadata_url?: string | undefined;
}

/** The same, for Connected Apps. */
export interface AppRequestOptions<Check> extends MachineRequestOptions {
  /** A permission that the token's scopes must grant. */
  authorization_check?: Check;
  /**
   * Whether the API is also asked if the token was revoked. Default: `never`.
   * It is asked about tokens that are valid here, and of public apps: the secret of a confidential app
   * goes with `introspectTokenNetwork`.
   */
  introspect?: "never" | "always" | undefined;
}

/** The token is accepted. */
export interface ResourceGranted<Token> {
  status: "authenticated";
  /** What the token says. */
  token: Token;
  /** The token itself. */
  access_token: string;
  /** Whether the token was seen before, checked now, or confirmed by the API. */
  via: Via;
  /** Nothing yet. */
  headers: Headers;
}

/** The token is not accepted, or that cannot be decided now. */
export interface ResourceRefused {
  /** Without a valid token; with one that is not enough; or not to be decided now. */
  status: "unauthenticated" | "forbidden" | "unavailable";
  /** The status to respond with. */
  http_status: 401 | 403 | 503;
  /** Which rule the token broke, or what is missing: a word of `ClientError.reason`. */
  reason: ResourceReason;
  /**
   * Headers for the response: `WWW-Authenticate` (RFC 6750, section 3), with
   * `resource_metadata` if that was given, and the scopes that are required. Empty
   * if no other token would help.
   */
  headers: Headers;
}

/** The decision about a request. */
export type ResourceVerdict<Token> = ResourceGranted<Token> | ResourceRefused;

/** A service, as it describes itself. */
export interface ProtectedResource {
  /** The URL of the service: https, or http on a loopback host, without a fragment. */
  resource: string;
  /**
   * Who issues tokens for it. Default: the client's `custom_base_url`; with Stytch's own
   * hosts, which all projects share, the project's domain must be given here.
   */
  authorization_servers?: string[] | undefined;
  /** Scopes that it knows. */
  scopes_supported?: string[] | undefined;
  /** Its name, for people. */
  resource_name?: string | undefined;
  /** Where people read about it. */
  resource_documentation?: string | undefined;
  /** Where people read how its data may be used. */
  resource_policy_uri?: string | undefined;
  /** Where people read its terms. */
  resource_tos_uri?: string | undefined;
  /** Other parameters that RFC 9728 or a profile of it defines. */
  [parameter: string]: unknown;
}

/** The document for `/.well-known/oauth-protected-resource` (RFC 9728, section 2). */
export interface ProtectedResourceMetadata extends ProtectedResource {
  authorization_servers: string[];
  /** Tokens are read from the Authorization header, and never from a query. */
  bearer_methods_supported: ["header"];
}

/**
 * What a token must have: audiences, scopes, and then a permission or nothing.
 * @internal
 */
export type ServiceDemand = readonly unknown[];

/**
 * Checks a request's token by `check(token, demand)`, and makes the headers of the response.
 * @internal
 */
export async function verdictOn<Token>(
  method: string,
  request: RequestLike,
  options: AppRequestOptions<unknown> | undefined,
  check: (token: string | undefined, demand: ServiceDemand) => Promise<{ via: Via; token: Token }>,
): Promise<ResourceVerdict<Token>> {
  const asked = plain("the options", options);
  const { audience, required_scopes: scopes = [], realm, resource_metadata_url } = asked;
  const audiences: unknown[] = audience === undefined ? [] : [audience].flat();
  if (audience !== undefined && (!audiences.length || !audiences.every((name) => name && typeof name === "string"))) {
    throw invalid("audience must be a string, or a list of strings");
  }
  if (!isScopes(scopes)) throw invalid("required_scopes must be a list of scopes");
  if (realm !== undefined && !/^[ -~]+$/.test(typeof realm === "string" ? realm : "")) {
    throw invalid("realm must be a text of ASCII characters");
  }
  const resource_metadata = resource_metadata_url === undefined ? undefined : urlOf("resource_metadata_url", resource_metadata_url).href;
  const header = headerOf(method, request, "Authorization");
  const access_token = /^bearer +(.*)$/i.exec(header ?? "")?.[1];
  try {
    const { via, token } = await check(access_token, [audiences, scopes, ...(permission(asked) ?? [])]);
    return { status: "authenticated", token, access_token: access_token!, via, headers: new Headers() };
  } catch (error) {
    const [status, http_status, reason] = outcome(error);
    const headers = new Headers();
    // No scope makes a member of another organization, and an outage asks for nothing.
    if (status !== "unavailable" && reason !== "tenancy_mismatch") {
      const code = http_status === 403 ? "insufficient_scope" : reason === "no_credentials" ? undefined : "invalid_token";
      headers.set("WWW-Authenticate", challenge({ realm, resource_metadata, error: code, scope: scopes.join(" ") }));
    }
    return { status, http_status, reason, headers };
  }
}

/**
 * The document by which clients find out who issues tokens for a resource (RFC 9728, section 2).
 * @internal
 */
export function metadataOf(options: ProtectedResource | undefined, origin: string): ProtectedResourceMetadata {
  const { resource, authorization_servers, scopes_supported = [], ...rest } = options ?? ({} as ProtectedResource);
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

type Outcome = [status: ResourceRefused["status"], http_status: ResourceRefused["http_status"], reason: ResourceReason];

/** What an error says about the token, or about us. An error that the caller made is thrown. */
function outcome(error: unknown): Outcome {
  if (error instanceof StytchError || error instanceof RequestError) {
    const { status, reason } = requestOutcome(error);
    return [status, HTTP_STATUS[status], reason];
  }
  const { code, reason } = error as ClientError;
  if (code === "jwks_unavailable") return ["unavailable", 503, reason ?? "keys_unavailable"];
  if (OUR_OWN.includes(code)) return ["unavailable", 503, "internal"];
  if (REFUSED.includes(code)) return ["unauthenticated", 401, reason ?? "not_active"];
  if (FORBIDDEN.includes(code)) return ["forbidden", 403, code];
  throw error;
}

const REFUSED: readonly unknown[] = ["jwt_invalid", "jwt_too_old", "token_invalid"];
const FORBIDDEN: readonly unknown[] = ["invalid_permissions", "tenancy_mismatch", "missing_scopes"];

/** A challenge (RFC 6750, section 3), which has at least one parameter. */
function challenge(parameters: Record<string, string | undefined>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  if (!given.length) given.push(["realm", "api"]);
  return `Bearer ${given.map(([name, value]) => `${name}="${value.replace(/["\\]/g, "\\$&")}"`).join(", ")}`;
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
