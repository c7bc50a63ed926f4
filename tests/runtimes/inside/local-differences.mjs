// Where the methods that decide by themselves differ from npm stytch's on purpose, by
// name, each with its reason. README.md has the same table for people.

export const MISSING = "a claim that is missing is a verdict";
export const KINDS = "tokens of different kinds do not stand in for each other";

export const LOCAL_DIFFERENCES = {
  "lists are lists": "roles and factors are what the types promise, also where a token has none",
  [MISSING]: "npm stytch runs into a TypeError there",
  [KINDS]: "they say different things about who is there",
  "an outage is no verdict": "a token is not invalid because nobody can be asked about it",
  "a refusal of the client is not one of the token": "wrong credentials of ours say nothing about the token",
  "a scope splits at its first colon": "a resource may have colons in it",
  "a token ends": "one without exp would be good for ever",
  "a later no is a no": "the promise of a decision would be taken for a yes",
  "options are what they are documented to be": "a visitor's JSON, spread into the call, must not decide",
  "whoever is no member is told so first": "the answer needs no policy, and costs no request",
  "a question without an action or a resource is refused": "a check that is not made must not look passed",
};

/** What came of a call in place of what npm stytch makes of it. */
export const refusedWith =
  (code, name = "ClientError") =>
  () => ({ error: { name, code, status_code: undefined } });
