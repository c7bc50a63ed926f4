// What a service makes of an access token in a request, and what it tells programs
// about itself: the types of `idp.authenticateRequest`, `m2m.authenticateRequest` and
// `idp.protectedResourceMetadata`.

/** A Fetch `Request`, or whatever else has its headers. */
export interface ResourceRequest {
  headers: { get(name: string): string | null };
}

/** What a service asks of whoever calls it. */
export interface MachineRequestOptions {
  /**
   * The names of this service: the token's `aud` must hold one of them beside the
   * project's identifier. Left out, the project's is enough, and a token that another
   * service of the project was given is good here too.
   */
  audience?: string | string[];
  /** Scopes that the token must all have; a held `read:*` stands for every scope that starts with read. */
  required_scopes?: string[];
  /** The oldest token to accept, counted from when it was issued; any age where left out. */
  max_token_age_seconds?: number;
  /** How far the clocks may differ when times are compared; none where left out. */
  clock_tolerance_seconds?: number;
  /** What the challenge calls this service. */
  realm?: string;
  /** Where this service has its metadata; the challenge says so (RFC 9728, section 5.1). */
  resource_metadata_url?: string;
}

/** The same, for apps that act for somebody. */
export interface AppRequestOptions<Check> extends MachineRequestOptions {
  /** A permission that the token's scopes must grant. */
  authorization_check?: Check;
  /**
   * Whether the API is asked, too, if the token was revoked: `never` where left out.
   * It is asked about tokens that are good here, and of public apps: others' secrets
   * go along with `introspectTokenNetwork`.
   */
  introspect?: "never" | "always";
}

/** The caller may have what it asks for. */
export interface ResourceGranted<Token> {
  status: "authenticated";
  /** What the token says. */
  token: Token;
  /** The token itself. */
  access_token: string;
  /** Whether the token was seen before, checked now, or vouched for by the API. */
  via: "cache" | "local" | "remote";
  /** Nothing yet. */
  headers: Headers;
}

/** The caller may not, or nobody can tell now. */
export interface ResourceRefused {
  /** Without a good token; with one that is not enough; or not to be decided now. */
  status: "unauthenticated" | "forbidden" | "unavailable";
  /** The status to answer with. */
  http_status: 401 | 403 | 503;
  /** Which rule the token broke, or what is missing: a word of `ClientError.reason`. */
  reason:
    | "no_credentials"
    | "malformed"
    | "expired"
    | "wrong_audience"
    | "wrong_token_kind"
    | "not_active"
    | "missing_scopes"
    | "invalid_permissions"
    | "tenancy_mismatch"
    | "keys_unavailable"
    | "api_unavailable"
    | "rate_limited"
    | "misconfigured"
    | "timeout"
    | "internal"
    | (string & {});
  /**
   * Headers to answer with: `WWW-Authenticate` (RFC 6750, section 3), with
   * `resource_metadata` where that was given, and the scopes that are required. Without
   * it where no other token would help.
   */
  headers: Headers;
}

/** What becomes of a request. */
export type ResourceVerdict<Token> = ResourceGranted<Token> | ResourceRefused;

/** A service, as it describes itself. */
export interface ProtectedResource {
  /** The URL of the service: https, or http on a loopback host, without a fragment. */
  resource: string;
  /**
   * Who issues tokens for it. Left out, the client's `custom_base_url`; with Stytch's own
   * hosts, which all projects share, the project's domain is to be named here.
   */
  authorization_servers?: string[];
  /** Scopes that it knows. */
  scopes_supported?: string[];
  /** Its name, for people. */
  resource_name?: string;
  /** Where people read about it. */
  resource_documentation?: string;
  /** Where people read how data of it may be used. */
  resource_policy_uri?: string;
  /** Where people read its terms. */
  resource_tos_uri?: string;
  /** Whatever else RFC 9728 or a profile of it defines. */
  [parameter: string]: unknown;
}

/** The document for `/.well-known/oauth-protected-resource` (RFC 9728, section 2). */
export interface ProtectedResourceMetadata extends ProtectedResource {
  authorization_servers: string[];
  /** Tokens are taken from the Authorization header, and never from a query. */
  bearer_methods_supported: ["header"];
}
