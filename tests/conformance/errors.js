// Failed requests: refusals of the API, and requests without a usable response.

import { deepSame, failure, matches, ok, same } from "./assert.js";
import { answering } from "./signer.js";

const WHOAMI = "/v1/debug/whoami";

export default (test) => {
  test("throws the API's error with all its fields", async (t) => {
    const user_id = "user-test-00000000-0000-4000-8000-000000000000";
    const error = await failure(() => t.consumer().users.get({ user_id }));
    ok(error instanceof t.stytch.StytchError && error instanceof Error, "the error is a StytchError and an Error");
    same(error.name, "StytchError");
    same(error.status_code, 404);
    same(error.error_type, "user_not_found");
    matches(error.request_id, /^request-id-test-/);
    matches(error.error_url, /^https:\/\/stytch\.com\/docs\/api\/errors\/404#user_not_found$/);
    same(error.message, `404 user_not_found: ${error.error_message} (${error.request_id})`);
    const { status_code, request_id, error_type, error_message, error_url } = error;
    deepSame(error.details, { status_code, request_id, error_type, error_message, error_url });
  });

  for (const status of [400, 401, 403, 404, 405, 429, 500, 503]) {
    test(`treats a response with status ${status} as the API's refusal`, async (t) => {
      const error = await t.emulator.withFault({ path_prefix: WHOAMI, kind: "status", status }, () =>
        failure(() => t.consumer().debug.whoami()),
      );
      ok(error instanceof t.stytch.StytchError, `expected a StytchError, found ${error}`);
      same(error.status_code, status);
      same(error.details.status_code, status);
    });
  }

  test("throws the API's error for wrong credentials", async (t) => {
    const error = await failure(() =>
      t.consumer({ secret: t.emulator.consumer.secret.replace(/.$/, (end) => (end === "x" ? "y" : "x")) }).debug.whoami(),
    );
    same(error.status_code, 401);
    same(error.error_type, "unauthorized_credentials");
  });

  test("keeps error_details and unknown fields", async (t) => {
    const body = {
      status_code: 400,
      request_id: "r",
      error_type: "a",
      error_message: "b",
      error_url: "c",
      error_details: { d: 1 },
      e: [2],
    };
    const error = await failure(() =>
      t.consumer({ fetch: answering(JSON.stringify(body), 400) }).debug.whoami(),
    );
    deepSame(error.error_details, { d: 1 });
    deepSame(error.details, body);
    let deep = ["bottom"];
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    same(new t.stytch.StytchError({ ...body, error_message: deep }).message, "400 a: … (r)");
  });

  test("reads errors in OAuth2 form", async (t) => {
    const body = {
      status_code: 400,
      request_id: "r",
      error: "invalid_grant",
      error_description: "no",
      error_uri: "https://a.example",
    };
    const sent = await failure(() =>
      t.consumer({ fetch: answering(JSON.stringify(body), 400) }).debug.whoami(),
    );
    for (const error of [new t.stytch.StytchError(body), sent]) {
      same(error.error_type, "invalid_grant");
      same(error.error_message, "no");
      same(error.error_url, "https://a.example");
      same(error.message, "400 invalid_grant: no (r)");
    }
  });

  test("exports error classes that callers can construct", async (t) => {
    const { RequestError, ClientError } = t.stytch;
    const request = { url: "https://a.example", method: "GET" };
    same(new RequestError("no answer", request).message, "no answer");
    same(new RequestError("no answer", request).request, request);
    const cause = new Error("inner");
    const error = new ClientError("jwt_invalid", "no good", cause);
    same(error.code, "jwt_invalid");
    same(error.cause, cause);
    same(error.message, "jwt_invalid: no good: Error: inner");
    same(new ClientError("jwt_invalid", "no good").message, "jwt_invalid: no good");
  });

  test("throws a RequestError if the server does not listen", async (t) => {
    // No program listens on port 2, because ports below 1024 are privileged. `fetch` does not connect to port 1.
    const error = await failure(() =>
      t.consumer({ custom_base_url: "http://127.0.0.1:2" }).users.get({ user_id: "a" }),
    );
    // workerd reports a refused connection like a lost one.
    const reasons = { chromium: "unknown", workerd: "connection_reset", "workerd-2024": "connection_reset" };
    isRequestError(t, error, { method: "GET", url: "http://127.0.0.1:2/v1/users/a" }, reasons[t.runtime] ?? "connection_refused");
  });

  for (const kind of ["garbage", "redirect"]) {
    test(`throws a RequestError for the fault ${kind}`, async (t) => {
      const fault = { path_prefix: "/v1/users", kind, location: WHOAMI };
      const calls = await t.emulator.callsDuring(async () => {
        const error = await t.emulator.withFault(fault, () => failure(() => t.consumer().users.search({})));
        isRequestError(t, error, { method: "POST", url: `${t.emulator.url}/v1/users/search` });
      });
      deepSame(
        calls.filter((call) => call.includes(WHOAMI)),
        [],
        "calls of the redirect's target",
      );
    });
  }

  for (const kind of ["hang", "hang_body"]) {
    test(`throws a RequestError after the timeout for the fault ${kind}`, async (t) => {
      const client = t.consumer({ timeout: 200 });
      const started = Date.now();
      const error = await t.emulator.withFault({ path_prefix: WHOAMI, kind }, () =>
        failure(() => client.debug.whoami()),
      );
      const took = Date.now() - started;
      isRequestError(t, error, { method: "GET", url: `${t.emulator.url}${WHOAMI}` }, "timeout");
      ok(took >= 150 && took < 3_000, `expected the timeout, took ${took} ms`);
      same((await client.debug.whoami()).status_code, 200);
    });
  }

  const UNREADABLE = {
    "an error that is not JSON": ["<html>", 502],
    "an error that is not an object": ["7", 500],
    "an empty body": ["", 200],
  };
  for (const [what, [text, status]] of Object.entries(UNREADABLE)) {
    test(`throws a RequestError for ${what}`, async (t) => {
      const error = await failure(() => t.consumer({ fetch: answering(text, status) }).debug.whoami());
      isRequestError(t, error, { method: "GET", url: `${t.emulator.url}${WHOAMI}` });
    });
  }

  const ODD_FETCHES = {
    "throws synchronously": () => {
      throw new Error("thrown");
    },
    "rejects with undefined": () => Promise.reject(),
    "rejects with an error": () => Promise.reject(new TypeError("rejected")),
    "returns undefined": () => undefined,
    "resolves to a string": async () => "text",
  };
  for (const [what, fetch] of Object.entries(ODD_FETCHES)) {
    test(`throws a RequestError if the caller's fetch ${what}`, async (t) => {
      const error = await failure(() => t.consumer({ fetch }).debug.whoami());
      ok(error instanceof t.stytch.RequestError, `expected a RequestError, found ${error}`);
      same((await t.consumer().debug.whoami()).status_code, 200);
    });
  }
};

function isRequestError(t, error, request, reason = "api_unavailable") {
  ok(
    error instanceof t.stytch.RequestError && error instanceof Error,
    `expected a RequestError, found ${error}`,
  );
  same(error.name, "RequestError");
  same(error.reason, reason);
  deepSame(error.request, request);
}
