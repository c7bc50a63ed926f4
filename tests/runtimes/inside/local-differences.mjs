// The deliberate differences between our local decisions and npm stytch's, each with its
// reason. docs/reference/differences.md has the same table for readers.

export const MISSING = "a missing claim causes a refusal";
export const KINDS = "a token of another kind is refused";

export const LOCAL_DIFFERENCES = {
  "absent lists are empty lists": "roles and factors have their declared types, also if a token has none",
  [MISSING]: "npm stytch throws a TypeError",
  [KINDS]: "tokens of different kinds identify different parties",
  "an outage does not refuse a token": "a token is not invalid because the API is not available",
  "a refusal of the client is not a refusal of the token": "wrong credentials of the client do not make a token invalid",
  "a scope splits at its first colon": "a resource may contain colons",
  "a token must have exp": "a token without exp would never expire",
  "an asynchronous refusal is a refusal": "otherwise the promise would count as true",
  "options must have their documented types": "a request's JSON that is spread into the call must not weaken the check",
  "the organization is checked before the policy": "this check does not need a request",
  "an authorization check without an action or a resource is refused": "an omitted check must not count as passed",
};

/** The expected outcome instead of npm stytch's: this error. */
export const refusedWith =
  (code, name = "ClientError") =>
  () => ({ error: { name, code, status_code: undefined } });
