// @ts-check
// The error classes, and how they are made from what the wasm throws. Nothing
// here decides whether something is an error.

/** A refusal by the API: any answer with status 400 and above. */
export class StytchError extends Error {
  constructor(data) {
    const body = data ?? {};
    // OAuth2 routes name three fields as RFC 6749, section 5.2, does.
    const type = body.error_type ?? body.error;
    const message = body.error_message ?? body.error_description;
    super(`${body.status_code} ${type}: ${message} (${body.request_id})`);
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

/** A request that got no usable answer. */
export class RequestError extends Error {
  constructor(message, request, reason, cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.request = request;
    this.reason = reason;
  }
  static {
    this.prototype.name = "RequestError";
  }
}

/** A call that cannot be made, or a token that is refused. */
export class ClientError extends Error {
  constructor(code, message, cause, reason) {
    super(cause ? `${code}: ${message}: ${cause}` : `${code}: ${message}`);
    this.code = code;
    this.cause = cause;
    this.reason = reason;
  }
  static {
    this.prototype.name = "ClientError";
  }
}

/** The error for what an export of the wasm threw; undefined if that was a trap. */
export function errorFrom(thrown) {
  const cause = thrown?.cause?.kind ? errorFrom(thrown.cause) : thrown?.cause;
  switch (thrown?.kind) {
    case "client":
      return new ClientError(thrown.code, thrown.message, cause, thrown.reason);
    case "request":
      return new RequestError(thrown.message, thrown.request, thrown.reason, cause);
    case "stytch":
      return new StytchError({ status_code: thrown.status, ...thrown.body });
    default:
      return undefined;
  }
}
