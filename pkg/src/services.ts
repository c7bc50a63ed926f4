// The requirements of a service for the access token in a request (RFC 6750), the verdict, and the metadata of a service
// (RFC 9728). Types only: the wasm decides.

import type { CallOptions } from "./config.js";
import type { ResourceReason, Via } from "./generated/words.js";
import type { RequestLike } from "./request_headers.js";

/** A Fetch `Request`, a request of Node, or anything else with `headers`. */
export type ResourceRequest = RequestLike;

/** The requirements of a service for a token. */
export interface MachineRequestOptions extends CallOptions {
  /**
   * The names of this service. The token's `aud` must contain one of them in addition to the project's
   * id. Default: the project's id is enough, so a token for another service of the project is accepted too.
   */
  audience?: string | string[];
  /** Scopes that the token must have. The scope `read:*` of a token includes `read` and every scope that starts with `read:`. */
  required_scopes?: string[];
  /** The largest age of a token since it was issued. Default: any age. */
  max_token_age_seconds?: number;
  /** The allowed difference between clocks, in seconds. Default: 0. */
  clock_tolerance_seconds?: number | undefined;
  /** The name of this service in the challenge. */
  realm?: string | undefined;
  /** The URL of this service's metadata, for the challenge (RFC 9728, section 5.1). */
  resource_metadata_url?: string | undefined;
}

/** The same, for Connected Apps. */
export interface AppRequestOptions<Check> extends MachineRequestOptions {
  /** A permission that the token's scopes must grant. */
  authorization_check?: Check;
  /**
   * Whether the API introspects each token that passes the local check, which detects a revocation.
   * Default: `never`. It works for public apps; `introspectTokenNetwork` sends the secret of a confidential app.
   */
  introspect?: "never" | "always";
}

/** The token is accepted. */
export interface ResourceGranted<Token> {
  status: "authenticated";
  /** The content of the token. */
  token: Token;
  /** The token itself. */
  access_token: string;
  /** Whether the token was verified before, verified now, or introspected by the API. */
  via: Via;
  /** Empty. */
  headers: Headers;
}

/** The token is refused, or cannot be checked now. */
export interface ResourceRefused {
  /** The token is absent or invalid; it does not meet the requirements; or it cannot be checked now. */
  status: "unauthenticated" | "forbidden" | "unavailable";
  /** The status to respond with. */
  http_status: 401 | 403 | 503;
  /** The rule that the token breaks, or the missing part: a word of `ClientError.reason`. */
  reason: ResourceReason;
  /**
   * Headers for the response: `WWW-Authenticate` (RFC 6750, section 3), with `resource_metadata` and the
   * required scopes if they are set. Empty if a request with another token would fail as well.
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
   * The authorization servers that issue tokens for it. Default: the client's `custom_base_url`. All projects
   * share Stytch's own hosts, so without `custom_base_url` the project's domain is required here.
   */
  authorization_servers?: string[] | undefined;
  /** The scopes of the service. */
  scopes_supported?: string[] | undefined;
  /** The name of the service, for display. */
  resource_name?: string | undefined;
  /** The URL of its documentation. */
  resource_documentation?: string | undefined;
  /** The URL of its policy for the use of data. */
  resource_policy_uri?: string | undefined;
  /** The URL of its terms of service. */
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
