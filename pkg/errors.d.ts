// The errors of stytch-edge. Codes and reasons are stable: a word never changes
// its meaning, and the lists may grow.

/** The body of the API's refusals. */
export interface StytchErrorJSON {
  /** The HTTP status. */
  status_code: number;
  /** Names this request to Stytch's support. */
  request_id: string;
  /** What kind of refusal it is, for instance `session_not_found`. */
  error_type: string;
  /** The same for a developer. */
  error_message: string;
  /** Where the documentation describes it. */
  error_url: string;
  /** More, for some kinds. */
  error_details: Map<string, any> | undefined;
}

/** The body of the OAuth2 routes' refusals (RFC 6749, section 5.2). */
export interface OAuth2ErrorJSON {
  /** The HTTP status. */
  status_code: number;
  /** Names this request to Stytch's support. */
  request_id: string;
  /** What kind of refusal it is, for instance `invalid_client`. */
  error: string;
  /** The same for a developer. */
  error_description: string;
  /** Where the documentation describes it. */
  error_uri: string;
}

/** The API refused: an answer with status 400 and above. */
export class StytchError extends Error {
  constructor(data: StytchErrorJSON | OAuth2ErrorJSON);
  /** The HTTP status. */
  status_code: number;
  /** Names this request to Stytch's support. */
  request_id: string;
  /** What kind of refusal it is, for instance `session_not_found`. */
  error_type: string;
  /** The same for a developer. */
  error_message: string;
  /** Where the documentation describes it. */
  error_url: string;
  /** More, for some kinds. */
  error_details: Map<string, any> | undefined;
  /** The whole body, as the API sent it. */
  details: Record<string, any>;
}

/** A request got no usable answer: no network, no time, no JSON, or a redirect. */
export class RequestError extends Error {
  constructor(message: string, request: RequestError["request"], reason?: string);
  /** Method and URL, without the query. The optional fields are never there: they would hold secrets. */
  request: {
    url: string;
    method: "GET" | "DELETE" | "POST" | "PUT";
    params?: Record<string, string | number | boolean | undefined>;
    data?: unknown;
    dataRaw?: unknown;
    headers?: Record<string, string>;
    baseURLType?: "AUTH" | "FRAUD";
  };
  /** What happened. */
  reason?: "api_unavailable" | "timeout" | (string & {});
}

/** A call cannot be made, or a token is refused. */
export class ClientError extends Error {
  constructor(code: string, message: string, cause?: unknown, reason?: string);
  /** What kind of failure this is. */
  code:
    | "jwt_invalid"
    | "jwt_too_old"
    | "token_invalid"
    | "invalid_permissions"
    | "tenancy_mismatch"
    | "missing_scopes"
    | "jwks_unavailable"
    | "invalid_argument"
    | "not_supported"
    | "wasm_not_ready"
    | "internal"
    | (string & {});
  /** Which rule a token broke, or which circumstance it was. */
  reason?:
    | "no_credentials"
    | "malformed"
    | "too_long"
    | "invalid_base64url"
    | "invalid_json"
    | "duplicate_member"
    | "wrong_algorithm"
    | "wrong_type"
    | "critical_header"
    | "invalid_header"
    | "invalid_kid"
    | "missing_kid"
    | "unknown_key"
    | "duplicate_kid"
    | "unusable_key"
    | "bad_signature"
    | "wrong_issuer"
    | "wrong_audience"
    | "expired"
    | "not_yet_valid"
    | "too_old"
    | "wrong_token_kind"
    | "missing_claim"
    | "invalid_exp"
    | "invalid_nbf"
    | "invalid_iat"
    | "invalid_claim"
    | "invalid_session"
    | "not_active"
    | "invalid_permissions"
    | "tenancy_mismatch"
    | "missing_scopes"
    | "keys_unavailable"
    | "policy_unavailable"
    | "timeout"
    | (string & {});
  cause: unknown;
}
