// The error classes, and their construction from the failures that the wasm reports. This module does not decide
// whether something is an error. Codes and reasons are stable: the meaning of a word never changes, and new words may be
// added.

import type { ErrorCode, Reason, RequestReason } from "./generated/words.js";

/** The body of an error response of the API. */
export interface StytchErrorJSON {
  /** The HTTP status. */
  status_code: number;
  /** Identifies this request to Stytch's support. */
  request_id: string;
  /** The kind of error, for instance `session_not_found`. */
  error_type: string;
  /** A description for developers. */
  error_message: string;
  /** Where the documentation describes the error. */
  error_url: string;
  /** Details, for some kinds. */
  error_details: Map<string, any> | undefined;
}

/** The body of an error response of the OAuth2 routes (RFC 6749, section 5.2). */
export interface OAuth2ErrorJSON {
  /** The HTTP status. */
  status_code: number;
  /** Identifies this request to Stytch's support. */
  request_id: string;
  /** The kind of error, for instance `invalid_client`. */
  error: string;
  /** A description for developers. */
  error_description: string;
  /** Where the documentation describes the error. */
  error_uri: string;
}

/** The API refused the request: the response has status 400 or above. */
export class StytchError extends Error {
  /** The HTTP status. */
  declare status_code: number;
  /** Identifies this request to Stytch's support. */
  declare request_id: string;
  /** The kind of error, for instance `session_not_found`. */
  declare error_type: string;
  /** A description for developers. */
  declare error_message: string;
  /** Where the documentation describes the error. */
  declare error_url: string;
  /** Details, for some kinds. */
  declare error_details: Map<string, any> | undefined;
  /** The whole body, as the API sent it. */
  declare details: Record<string, any>;

  constructor(data: StytchErrorJSON | OAuth2ErrorJSON) {
    const details: Record<string, any> = data ?? {};
    const { status_code, request_id, error_details } = details;
    // OAuth2 routes use other names for three fields (RFC 6749, section 5.2).
    const error_type = details.error_type ?? details.error;
    const error_message = details.error_message ?? details.error_description;
    const error_url = details.error_url ?? details.error_uri;
    super(`${shown(status_code)} ${shown(error_type)}: ${shown(error_message)} (${shown(request_id)})`);
    Object.assign(this, { status_code, request_id, error_type, error_message, error_url, error_details, details });
  }
}

/** The fields of a {@link RequestError} about its responses. */
export type RequestErrorDetails = Pick<RequestError, "status_code" | "retry_after_seconds" | "request_id" | "attempts">;

/** A request without a usable response: the network failed, time ran out, the body was not JSON, or it was a redirect. */
export class RequestError extends Error {
  /** Method and URL, without the query. The optional fields are never set, because they would contain secrets. */
  declare request: {
    url: string;
    method: "GET" | "DELETE" | "POST" | "PUT";
    params?: Record<string, string | number | boolean | undefined>;
    data?: unknown;
    dataRaw?: unknown;
    headers?: Record<string, string>;
    baseURLType?: "AUTH" | "FRAUD";
  };
  /** What happened. */
  declare reason?: RequestReason | undefined;
  /** The HTTP status, if there was a response. */
  declare status_code?: number | undefined;
  /** The header `Retry-After` of the response. */
  declare retry_after_seconds?: number | undefined;
  /** Identifies the request to Stytch's support, if the response has it. */
  declare request_id?: string | undefined;
  /** How often the request was sent. */
  declare attempts?: number | undefined;

  constructor(message: string, request: RequestError["request"], reason?: string, details?: RequestErrorDetails) {
    super(message);
    const { status_code, retry_after_seconds, request_id, attempts } = details ?? {};
    Object.assign(this, { request, reason, status_code, retry_after_seconds, request_id, attempts });
  }
}

/** A call that cannot be made, or a token that is refused. */
export class ClientError extends Error {
  /** The kind of failure. */
  declare code: ErrorCode;
  /** Which rule a token broke, or why something is unavailable. */
  declare reason?: Reason | undefined;
  declare cause: unknown;

  constructor(code: string, message: string, cause?: unknown, reason?: string) {
    super(cause ? `${code}: ${message}: ${shown(cause)}` : `${code}: ${message}`);
    Object.assign(this, { code, cause, reason });
  }
}

// A minifier changes the names of classes, and keeps the names of properties. An assignment would fail if `Error.prototype`
// is frozen.
for (const [value, { prototype }] of Object.entries({ StytchError, RequestError, ClientError })) {
  Object.defineProperty(prototype, "name", { value, configurable: true, writable: true });
}

/**
 * The error for an argument or an option that is not accepted.
 * @internal
 */
export const invalid = (message: string, cause?: unknown): ClientError => new ClientError("invalid_argument", message, cause);

/**
 * The codes of failures that neither the caller nor the user causes.
 * @internal
 */
export const OUR_OWN: readonly unknown[] = ["internal", "wasm_not_ready"];

/**
 * A failure as npm/src/failure.rs describes it.
 * @internal
 */
export type Failure =
  | { kind: "client"; code: string; message: string; cause?: Failure; reason?: string }
  | { kind: "request"; message: string; request: RequestError["request"]; reason?: string; details: RequestErrorDetails }
  | { kind: "stytch"; status: number; body: StytchErrorJSON };

/**
 * The error for a failure.
 * @internal
 */
export function errorFrom(failure: Failure): Error {
  if (failure.kind === "stytch") return new StytchError({ ...failure.body, status_code: failure.status });
  if (failure.kind === "request") return new RequestError(failure.message, failure.request, failure.reason, failure.details);
  return new ClientError(failure.code, failure.message, failure.cause && errorFrom(failure.cause), failure.reason);
}

/** The text of a value in a message. Objects are not converted: their code may throw, and they may be deep. */
function shown(value: unknown): string {
  const texts = [value].flat().map((item) => (typeof item === "object" && !(item instanceof Error) ? "…" : String(item)));
  return texts.join(",");
}
