// Calls that affect each other: aborts by hooks, and calls with different options that could share a request or state.

import { failure, same } from "./assert.js";
import { cookies } from "./credentials.js";

const HOOKS = ["on_request", "on_response", "on_retry"];
const LIMIT_MS = 4_000;

/** The result of a call, or an error if it does not end. */
async function ended(call, what) {
  let timer;
  const limit = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${what} did not end`)), LIMIT_MS)));
  return Promise.race([call, limit]).finally(() => clearTimeout(timer));
}

const respond = (status, body = "") => new Response(body, { status });
const never = () => new Promise(() => {});

export default (test) => {
  for (const hook of HOOKS) {
    test(`ends only the call that ${hook} aborts`, async (t) => {
      const base = { ...t.fresh(), fetch: async () => respond(503) };
      const controller = new AbortController();
      const reason = new Error("enough");
      const aborting = t.consumer({ ...base, [hook]: () => controller.abort(reason) });
      const request = cookies("stytch_session=a-session-token");
      const first = failure(() => aborting.authenticateRequest(request, { signal: controller.signal }));
      const others = [t.consumer(base).authenticateRequest(request), t.consumer(base).authenticateRequest(request)];
      same(await ended(first, "the aborted call"), reason);
      for (const other of others) same((await ended(other, "another call")).status, "unavailable");
      same((await ended(t.consumer(base).authenticateRequest(request), "a later call")).status, "unavailable");
    });
  }

  test("ends a call at once if on_request aborts it", async (t) => {
    const controller = new AbortController();
    const client = t.consumer({ ...t.fresh(), fetch: never, on_request: () => controller.abort("enough") });
    same(await ended(failure(() => client.users.get({ user_id: "user-test-1" }, { signal: controller.signal })), "the call"), "enough");
    same(await ended(failure(() => client.authenticateRequest(cookies("stytch_session=a-token"), { signal: controller.signal })), "the check"), "enough");
  });

  test("keeps a reason that looks like an error of the package", async (t) => {
    const { ClientError } = t.stytch;
    for (const code of ["internal", "wasm_not_ready", "missing_scopes"]) {
      const [controller, reason] = [new AbortController(), new ClientError(code, "mine")];
      const client = t.consumer({ ...t.fresh(), fetch: never });
      const call = failure(() => client.authenticateRequest(cookies("stytch_session=a-token"), { signal: controller.signal }));
      setTimeout(() => controller.abort(reason), 20);
      same(await ended(call, code), reason, code);
    }
  });

  test("shares no request between calls with different retries", async (t) => {
    const base = t.fresh();
    const keys = await globalThis.fetch(`${t.emulator.url}${t.emulator.keySetPath("consumer")}`).then((response) => response.text());
    let count = 0;
    const fetch = async () => ((count += 1) <= 2 ? respond(503) : respond(200, keys));
    const client = t.consumer({ ...base, isolated: true, fetch });
    const [once, again] = await Promise.allSettled([client.loadKeys({ retries: 0 }), client.loadKeys()]);
    same(once.status, "rejected");
    same(again.status, "fulfilled", String(again.reason));
  });

  test("does not pause the loads of other calls after a call with a short time limit", async (t) => {
    const { session_jwt } = await t.logIn();
    const request = { headers: { authorization: `Bearer ${session_jwt}` } };
    const fetch = async (...call) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return globalThis.fetch(...call);
    };
    const client = t.consumer({ ...t.fresh(), isolated: true, fetch });
    for (let number = 0; number < 3; number += 1) same((await client.authenticateRequest(request, { timeout: 20 })).status, "unavailable");
    same((await client.authenticateRequest(request)).status, "authenticated");
  });

  test("distinguishes Infinity from the default in the options of two clients", async (t) => {
    let count = 0;
    const body = JSON.stringify({ status_code: 404, error_type: "session_not_found", request_id: "request-id-test-1" });
    const base = { ...t.fresh(), fetch: async () => ((count += 1), respond(404, body)) };
    for (const [index, [refused_session_seconds, requests]] of [[Infinity, 1], [null, 2], [Infinity, 1]].entries()) {
      const client = t.consumer({ ...base, refresh_limits: { refused_session_seconds } });
      const request = cookies(`stytch_session=ended-session-${index}`);
      count = 0;
      for (const seconds of [0, 15]) await t.later(seconds, () => client.authenticateRequest(request));
      same(count, requests, `requests with ${refused_session_seconds}`);
    }
  });
};
