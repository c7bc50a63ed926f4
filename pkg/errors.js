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

/** A request that got no usable answer. */
export class RequestError extends Error {
  constructor(message, request, reason) {
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
  constructor(code, message, cause, reason) {
    super(cause ? `${code}: ${message}: ${shown(cause)}` : `${code}: ${message}`);
    this.code = code;
    this.cause = cause;
    this.reason = reason;
  }
  static {
    this.prototype.name = "ClientError";
  }
}

/** Codes of failures that are neither the caller's nor a visitor's. */
export const OUR_OWN = ["internal", "wasm_not_ready"];

/** The error for a failure as src/wasm/failure.rs describes it. */
export function errorFrom(failure) {
  switch (failure.kind) {
    case "client":
      return new ClientError(failure.code, failure.message, failure.cause && errorFrom(failure.cause), failure.reason);
    case "request":
      return new RequestError(failure.message, failure.request, failure.reason);
    default:
      return new StytchError({ ...failure.body, status_code: failure.status });
  }
}

/** Text for a message, whatever the value is: not all of them can be made strings, and nobody knows how deep they go. */
function shown(value) {
  const texts = [value].flat().map((item) => (typeof item === "object" && !(item instanceof Error) ? "…" : String(item)));
  return texts.join(",");
}
