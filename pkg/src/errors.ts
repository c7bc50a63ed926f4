// The error classes, and how they are made from the failures that the wasm reports.
// Nothing here decides whether something is an error. Codes and reasons are stable: a word
// never changes its meaning, and the lists may grow.

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

/** The API refused the request: a response with status 400 or above. */
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
    const body: Record<string, any> = data ?? {};
    // OAuth2 routes name three fields as RFC 6749, section 5.2, does.
    const type = body.error_type ?? body.error;
    const message = body.error_message ?? body.error_description;
    super(`${shown(body.status_code)} ${shown(type)}: ${shown(message)} (${shown(body.request_id)})`);
    this.status_code = body.status_code;
    this.request_id = body.request_id;
    this.error_type = type;
    this.error_message = message;
    this.error_url = body.error_url ?? body.error_uri;
    this.error_details = body.error_details;
    this.details = body;
  }
  static {
    this.prototype.name = "StytchError";
  }
}

/** A request got no usable response: the network failed, time ran out, the body was not JSON, or it was a redirect. */
export class RequestError extends Error {
  /** Method and URL, without the query. The optional fields are never set: they would hold secrets. */
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

  constructor(message: string, request: RequestError["request"], reason?: string) {
    super(message);
    this.request = request;
    this.reason = reason;
  }
  static {
    this.prototype.name = "RequestError";
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
    this.code = code;
    this.cause = cause;
    this.reason = reason;
  }
  static {
    this.prototype.name = "ClientError";
  }
}

/**
 * The caller passed something that cannot be used.
 * @internal
 */
export function invalid(message: string, cause?: unknown): ClientError {
  return new ClientError("invalid_argument", message, cause);
}

/**
 * Codes of failures that neither the caller nor the user caused.
 * @internal
 */
export const OUR_OWN: readonly unknown[] = ["internal", "wasm_not_ready"];

/**
 * A failure as npm/src/failure.rs describes it.
 * @internal
 */
export type Failure =
  | { kind: "client"; code: string; message: string; cause?: Failure; reason?: string }
  | { kind: "request"; message: string; request: RequestError["request"]; reason?: string }
  | { kind: "stytch"; status: number; body: StytchErrorJSON };

/**
 * The error for a failure.
 * @internal
 */
export function errorFrom(failure: Failure): Error {
  switch (failure.kind) {
    case "client":
      return new ClientError(failure.code, failure.message, failure.cause && errorFrom(failure.cause), failure.reason);
    case "request":
      return new RequestError(failure.message, failure.request, failure.reason);
    default:
      return new StytchError({ ...failure.body, status_code: failure.status });
  }
}

/** Text for a message, whatever the value is. Objects are not converted: their code may throw, and they may be deep. */
function shown(value: unknown): string {
  const texts = [value].flat().map((item) => (typeof item === "object" && !(item instanceof Error) ? "…" : String(item)));
  return texts.join(",");
}
