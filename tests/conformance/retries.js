// Retries beyond single calls: the random delays, the budgets of the isolate, and the limits for refreshes.

import { deepSame, failure, ok, same } from "./assert.js";
import { both, cookies } from "./credentials.js";
import { withoutJitter } from "./jitter.js";
import { FULL, refill } from "./retry_budgets.js";

const AUTHENTICATE = "/v1/sessions/authenticate";
const token = (value) => cookies(`stytch_session=${value}`);

/** A `fetch` that answers all requests with a status and counts them. `answer.status` may be changed. */
function answers(status) {
  const answer = async () => {
    answer.count += 1;
    return new Response(`{"status_code":${answer.status},"error_type":"injected"}`, { status: answer.status });
  };
  return Object.assign(answer, { count: 0, status });
}

/** The number of requests that `step` sends through `fetch`. */
async function countOf(fetch, step) {
  const before = fetch.count;
  await step();
  return fetch.count - before;
}

export default (test) => {
  test("waits a random time, whose limit doubles from 200 ms to 2 s", async (t) => {
    await refill(t, "other");
    const delays = async (random, retries, timeout) => {
      const found = [];
      const client = t.consumer({ fetch: answers(503), retries, timeout, on_retry: ({ delay_ms }) => found.push(delay_ms) });
      await withoutJitter(() => failure(() => client.debug.whoami()), random);
      return found;
    };
    deepSame(await delays(0, 10, 30_000), Array(10).fill(0));
    deepSame(await delays(0.5, 2, 30_000), [100, 200]);
    deepSame(await delays(0.01, 7, 30_000), [2, 4, 8, 16, 20, 20, 20]);
    // A delay that does not end before the time limit is not begun.
    deepSame(await delays(0.9, 10, 300), [180]);
    deepSame(await delays(0.9, 10, 100), []);
    await refill(t, "other");
  });

  test("sends at most 50 retries that other calls do not earn, and a fifth of one for each call that succeeds", async (t) => {
    await refill(t, "other");
    const down = answers(503);
    const [failing, working] = [t.consumer({ fetch: down, retries: 10 }), t.consumer({ fetch: answers(200) })];
    const fail = () => failure(() => failing.debug.whoami());
    await withoutJitter(async () => {
      const counts = [];
      for (let number = 0; number < 8; number += 1) counts.push(await countOf(down, fail));
      deepSame(counts, [11, 11, 11, 11, 11, 1, 1, 1]);
      for (const [successes, requests] of [[4, 1], [1, 2], [0, 1], [14, 3], [1, 2]]) {
        for (let number = 0; number < successes; number += 1) await working.debug.whoami();
        same(await countOf(down, fail), requests, `requests after ${successes} calls that succeed`);
      }
      // An API that refuses a request works. A call that succeeds with a retry does not refill the budget.
      const refusing = t.consumer({ fetch: answers(400) });
      for (let number = 0; number < 5; number += 1) await failure(() => refusing.debug.whoami());
      same(await countOf(down, fail), 2, "requests after 5 refusals");
    });
    await refill(t, "other");
    same(await withoutJitter(() => countOf(down, fail)), 11, "requests with a full budget");
    await refill(t, "other");
  });

  test("has budgets of its own for requests whose credentials can be made up, and for verified JWTs", async (t) => {
    for (const budget of ["other", "unverified", "verified"]) await refill(t, budget);
    const login = await t.logIn();
    const down = answers(503);
    const refresh_limits = { max_pause_seconds: 0, unverified_refreshes: Infinity, session_refreshes: Infinity };
    const guard = t.consumer({ ...t.fresh(), isolated: true, retries: 10, refresh_limits });
    await guard.loadKeys();
    const failing = t.consumer({ fetch: down, retries: 10 });
    const ofBudget = {
      unverified: (number) => guard.authenticateRequest(token(`token-${number}`)),
      verified: () => t.later(400, () => guard.authenticateRequest(both(login))),
    };
    await withoutJitter(() =>
      t.emulator.withFault({ path_prefix: AUTHENTICATE, kind: "status", status: 503 }, async () => {
        for (const [budget, call] of Object.entries(ofBudget)) {
          const calls = await t.emulator.callsDuring(async () => {
            for (let number = 0; number < 8; number += 1) same((await call(number)).reason, "api_unavailable");
          });
          same(calls.length, 58, `requests of the class ${budget}`);
        }
        const introspect = () => failing.idp.introspectTokenNetwork({ token: "a", client_id: "b" });
        same(await countOf(down, () => failure(introspect)), 1, "requests of an introspection");
        same(await countOf(down, () => failure(() => failing.debug.whoami())), 11, "requests of an API method");
      }),
    );
    for (const [budget, calls] of [["other", 50], ["unverified", FULL], ["verified", FULL]]) await refill(t, budget, calls);
  });

  test("does not repeat the request that finds out whether the API works again", async (t) => {
    const client = t.consumer({ ...t.fresh(), isolated: true });
    const fault = { path_prefix: AUTHENTICATE, kind: "status", status: 503 };
    const ask = (number) => t.emulator.callsDuring(() => client.authenticateRequest(token(`token-${number}`)));
    await withoutJitter(() =>
      t.emulator.withFault(fault, async () => {
        same((await ask(0)).length, 3, "requests of the first refresh");
        same((await ask(1)).length, 0, "requests during the pause");
        await t.later(1, async () => same((await ask(2)).length, 1, "requests after the pause"));
      }),
    );
    await refill(t, "unverified", 20);
  });

  test("counts retries of a refresh against the limit for refreshes", async (t) => {
    const refresh_limits = { unverified_refreshes: 4, max_pause_seconds: 0 };
    const client = t.consumer({ ...t.fresh(), isolated: true, refresh_limits });
    const fault = { path_prefix: AUTHENTICATE, kind: "status", status: 503 };
    const found = [];
    await withoutJitter(() =>
      t.emulator.withFault(fault, async () => {
        for (let number = 0; number < 3; number += 1) {
          const calls = await t.emulator.callsDuring(async () => found.push((await client.authenticateRequest(token(`token-${number}`))).reason));
          found.push(calls.length);
        }
      }),
    );
    deepSame(found, ["api_unavailable", 3, "api_unavailable", 1, "rate_limited", 0]);
    await refill(t, "unverified", 20);
  });

  test("ends the retries of a refresh at its own time limit", async (t) => {
    const client = t.consumer({ ...t.fresh(), isolated: true, retries: 10, refresh_timeout: 400 });
    const fault = { path_prefix: AUTHENTICATE, kind: "status", status: 503, headers: { "Retry-After": "0" } };
    const began = Date.now();
    let verdict;
    const calls = await t.emulator.callsDuring(() =>
      t.emulator.withFault(fault, async () => {
        verdict = await withoutJitter(() => client.authenticateRequest(token("a-token")), 0.5);
      }),
    );
    same(verdict.reason, "api_unavailable");
    // Delays of 100 and 200 ms; the next one would have 400 ms.
    same(calls.length, 3, "requests");
    ok(Date.now() - began < 900, `${Date.now() - began} ms`);
    await refill(t, "unverified", 20);
  });

  test("sends one request for calls that share it, also if it is repeated", async (t) => {
    const alone = ["workerd", "workerd-2024", "edge"].includes(t.runtime);
    const client = t.consumer({ ...t.fresh(), isolated: true });
    const fault = { path_prefix: t.emulator.keySetPath("consumer"), sequence: [{ kind: "status", status: 503 }] };
    const calls = await t.emulator.callsDuring(() =>
      withoutJitter(() => t.emulator.withFault(fault, () => Promise.all(Array.from({ length: 5 }, () => client.loadKeys())))),
    );
    ok(alone ? calls.length <= 6 : calls.length === 2, `${calls.length} requests`);
    await refill(t, "other", 10);
  });
};
