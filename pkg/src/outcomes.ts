// What came of a service's requests: an introspection, or the load of a policy. The table is in the wasm
// (src/client/outcomes.rs); what a request was for is noted here, because an error does not say it.

import { resultOf } from "./checks.js";
import { run } from "./engine.js";
import { StytchError, type RequestError } from "./errors.js";
import type { ResourceReason } from "./generated/words.js";

/** The verdict that a failed request results in. */
export interface RequestOutcome {
  status: "unauthenticated" | "forbidden" | "unavailable";
  reason: ResourceReason;
}

const introspections = new WeakSet<object>();

/** What a failed request says about the token. One that is not known as an introspection was for a policy. */
export function requestOutcome(error: StytchError | RequestError): RequestOutcome {
  const [status, word] = error instanceof StytchError ? [error.status_code, error.error_type] : [0, error.reason];
  const name = introspections.has(error) ? "introspection_outcome" : "policy_outcome";
  return resultOf(run((wasm) => wasm[name](status, String(word))) as string);
}

/** The same for an introspection, which is noted for later. */
export function introspectionOutcome(error: StytchError | RequestError): RequestOutcome {
  introspections.add(error);
  return requestOutcome(error);
}
