// Every method converts a response to the same result as npm stytch, or to an error of the
// same class with the same fields, or the difference is listed.

import { deepSame, ok, same } from "../../conformance/assert.js";
import { answering, outcome } from "./captured.mjs";

const DETAILS = { errors: [{ field: "späß", codes: [1, null] }], "": {} };
const REFUSAL = {
  status_code: 400,
  request_id: "request-id-test-1",
  error_type: "bad_request",
  error_message: "a “message”",
  error_url: "https://stytch.com/docs/api/errors/400#bad_request",
};
/** The form of RFC 6749, section 5.2. */
const OAUTH2 = {
  error: "invalid_client",
  error_description: "no such client",
  error_uri: "https://stytch.com/docs/api/errors/401",
};

/**
 * Responses: a description, a function that creates the response, and the differences that it
 * causes. `result` is a sample of the declared type.
 */
const ANSWERS = [
  ["a sample", ({ result }) => answering(result)],
  ["201", ({ result }) => answering(result, 201)],
  ["unknown fields", ({ result }) => answering({ ...result, new_field: [{}], "": null })],
  ["an empty object", () => answering({})],
  ["200 with null", () => answering("null"), ["not_an_object"]],
  ["200 with a list", () => answering([1, "two"]), ["not_an_object"]],
  ["a byte order mark", () => answering(`\ufeff{"status_code":200}`)],
  ["400", () => answering(REFUSAL, 400), ["message"]],
  ["400 with details", () => answering({ ...REFUSAL, error_details: DETAILS }, 400), ["message"]],
  [
    "429",
    () => answering({ ...REFUSAL, status_code: 429, error_type: "too_many_requests" }, 429),
    ["message"],
  ],
  ["401 of OAuth2", () => answering({ ...OAUTH2, status_code: 401, request_id: "r" }, 401), ["message"]],
  ["401 of OAuth2 alone", () => answering(OAUTH2, 401), ["message", "status"]],
  ["500 without fields", () => answering({}, 500), ["message", "status"]],
  ["500 with a list", () => answering([], 500), ["shapeless"]],
  ["500 with null", () => answering("null", 500), ["shapeless"]],
  ["503 with a text", () => answering(`"busy"`, 503), ["shapeless"]],
  ["200 without JSON", () => answering("<html>"), ["request"]],
  ["502 without JSON", () => answering("<html>", 502), ["request"]],
  ["204 without a body", () => answering("", 204), ["request"]],
  ["truncated JSON", () => answering(`{"status_code":`), ["request"]],
  ["302", ({ result }) => answering(result, 302), ["redirect"]],
  [
    "no network",
    () => broken(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } })),
    ["request"],
  ],
  ["a fetch that throws another error class", () => broken(new RangeError("x")), ["request"]],
  ["a body that ends with an error", () => () => new Response(failing()), ["request"]],
];

/** The listed differences and their reasons, by the names that ANSWERS uses. */
export const ANSWER_DIFFERENCES = {
  message: {
    name: "the message of a StytchError is one line",
    why: "log lines stay readable; the whole body is available as details",
    expected: (theirs) => ({
      ...theirs,
      message: `${theirs.status_code} ${theirs.error_type}: ${theirs.error_message} (${theirs.request_id})`,
    }),
  },
  status: {
    name: "a StytchError has the response's status if the body has none",
    why: "the types declare status_code",
    expected: (theirs, status) => ({
      ...theirs,
      status_code: status,
      message: theirs.message.replace("undefined", status),
    }),
  },
  shapeless: {
    name: "an error response whose body is not an object causes a RequestError",
    why: "npm stytch throws a TypeError, or reports an error without fields",
    expected: (theirs, status, [{ method, url }]) => ({
      name: "RequestError",
      message: `${method} ${url} was answered with status ${status} and a body that is not an error of the API`,
      request: { method, url },
    }),
  },
  not_an_object: {
    name: "a successful response whose body is not an object causes a RequestError",
    why: "npm stytch returns it, and the caller's code fails when it reads a field",
    expected: (theirs, status, [{ method, url }]) => ({
      name: "RequestError",
      message: `${method} ${url} was answered with status ${status} and a body that is not a JSON object`,
      request: { method, url },
    }),
  },
  request: {
    name: "a RequestError contains method and URL, and a message without the runtime's text",
    why: "npm stytch's error contains headers and body, and so the secret",
    expected: ({ name, request }, status, [{ method, url }], { message }) => {
      same(request.method, method);
      ok(
        url.endsWith(request.url) && message.startsWith(`${method} ${url} `),
        "the message names the request",
      );
      return { name, message, request: { method, url } };
    },
  },
  redirect: {
    name: "a redirect causes a RequestError",
    why: "following it could send a password to another server",
    expected: (theirs, status, [{ method, url }]) => ({
      name: "RequestError",
      message: `${method} ${url} was answered with a redirect, which is not followed`,
      request: { method, url },
    }),
  },
};

/** The tests by name: one per row of samples.mjs, and one per listed difference. */
export function answerTests(official, ours, offers) {
  const tests = {};
  const seen = new Set();
  for (const offer of offers) {
    tests[`${offer.name} converts responses like npm stytch`] = async () => {
      for (const [what, make, names = []] of ANSWERS) await compare(offer, what, make(offer), names);
    };
  }
  for (const [name, difference] of Object.entries(ANSWER_DIFFERENCES)) {
    tests[`listed difference: ${difference.name}`] = () => ok(seen.has(name), "the difference occurs");
  }
  return tests;

  async function compare(offer, what, answer, names) {
    const theirs = await outcome(official, offer, offer.required, answer);
    const mine = await outcome(ours, offer, offer.required, answer);
    if (names.length === 0) {
      same(theirs.error, undefined, `npm stytch's error with ${what}`);
      return deepSame(mine, theirs, `with ${what}`);
    }
    const found = fieldsOf(mine);
    const status = Number.parseInt(what, 10);
    const requests = theirs.sent.map(({ method, origin, pathname }) => ({ method, url: origin + pathname }));
    let expected = fieldsOf(theirs);
    for (const name of names) {
      const before = JSON.stringify(expected);
      expected = ANSWER_DIFFERENCES[name].expected(expected, status, requests, found);
      if (JSON.stringify(expected) !== before) seen.add(name);
    }
    deepSame(found, expected, `with ${what}`);
  }
}

/** The fields of an error that both packages have. */
function fieldsOf({ error, result }) {
  if (!error) return { result };
  const { message, status_code, request_id, error_type, error_message, error_url, error_details } = error;
  const { name } = error.constructor;
  const fields = { status_code, request_id, error_type, error_message, error_url, error_details };
  if (name === "RequestError") return { name, message, request: error.request };
  return name === "StytchError" ? { name, message, ...fields } : { name, message };
}

function broken(error) {
  return () => {
    throw error;
  };
}

function failing() {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`{"status_code":`));
      controller.error(new TypeError("terminated"));
    },
  });
}
