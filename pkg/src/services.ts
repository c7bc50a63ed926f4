// What a service requires of an access token in a request (RFC 6750), what it gets to know, and how it describes itself
// (RFC 9728). Types only: the decisions are in the wasm, the rest in service_requests.ts.

import type { ResourceReason, Via } from "./generated/words.js";
import type { RequestLike } from "./request_headers.js";

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
