// The options of a call: `signal`, `timeout` and `retries`, for API methods and for the methods that are more than one
// request.

import { deepSame, failure, ok, same } from "./assert.js";
import { METHODS, recording, subjects, unavailable } from "./call_methods.js";
import { cookies } from "./credentials.js";
import { withoutJitter } from "./jitter.js";
import { refill } from "./retry_budgets.js";

/** Reasons of an abort. `undefined` is replaced with a DOMException by the runtime. */
const REASONS = () => [new Error("enough"), "a text", 0, undefined];

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The result of a call: its value or its error, and when it ended. A call that never ends is an error. */
async function ending(call) {
  let timer;
  const limit = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error("the call did not end")), 5_000)));
  try {
    const value = await Promise.race([call, limit]);
    return { value, at: Date.now() };
  } catch (error) {
    return { error, rejected: true, at: Date.now() };
  } finally {
    clearTimeout(timer);
  }
}

/** Runs `body` for every method at the same time. Throws an error that names all methods for which it fails. */
async function eachMethod(body, filter = () => true) {
  const methods = Object.entries(METHODS).filter(([, its]) => filter(its));
  const problems = await Promise.all(methods.map(([name, its]) => problemOf(name, () => body(its))));
  if (problems.flat().length > 0) throw new Error(problems.flat().join("\n"));
}

/** Runs `body` for one method after the other, so that times are exact. */
async function oneByOne(body, filter = () => true) {
  const problems = [];
  for (const [name, its] of Object.entries(METHODS)) if (filter(its)) problems.push(await problemOf(name, () => body(its)));
  if (problems.flat().length > 0) throw new Error(problems.flat().join("\n"));
}

const problemOf = (name, body) => body().then(() => [], (error) => [`${name}: ${error.message}`]);

const until = async (condition, what) => {
  for (const began = Date.now(); !condition(); await pause(1)) if (Date.now() - began > 3_000) throw new Error(`timeout: ${what}`);
};

export default (test) => {
  test("sends nothing if the signal is aborted already, and keeps its reason", async (t) => {
    const fetch = recording();
    const its = await subjects(t, { fetch });
    await eachMethod(async ({ call }) => {
      for (const reason of REASONS()) {
        const signal = AbortSignal.abort(reason);
        same(await failure(() => call(its, { signal })), signal.reason);
      }
    });
    same(fetch.calls.length, 0, "requests");
  });

  test("ends a request at once if the signal is aborted, and keeps its reason", async (t) => {
    for (const reason of REASONS()) {
      await oneByOne(async ({ call }) => {
        const fetch = recording();
        const its = await subjects(t, { fetch });
        const controller = new AbortController();
        const ended = ending(call(its, { signal: controller.signal }));
        await until(() => fetch.calls.length > 0, "the request");
        controller.abort(reason);
        const began = Date.now();
        const { error, rejected, at } = await ended;
        same(rejected, true, "the call is rejected");
        same(error, controller.signal.reason);
        ok(at - began <= 50, `it ended after ${at - began} ms`);
        same(fetch.calls.length, 1, "requests");
        ok(fetch.calls[0].init.signal?.aborted ?? true, "the request is aborted");
      });
    }
  });

  test("keeps a reason that is null", async (t) => {
    const fetch = recording();
    const its = await subjects(t, { fetch });
    await eachMethod(async ({ call }) => same(await failure(() => call(its, { signal: AbortSignal.abort(null) })), null));
    same(fetch.calls.length, 0, "requests");
  });

  test("ends a delay before a retry within 50 ms if the signal is aborted, and sends nothing more", async (t) => {
    await refill(t, "other");
    await refill(t, "unverified", 50);
    const fetches = [];
    await withoutJitter(async () => {
      await oneByOne(
        async ({ call }) => {
          const fetch = recording(() => unavailable());
          fetches.push(fetch);
          const [controller, retries] = [new AbortController(), []];
          const its = await subjects(t, { fetch, on_retry: (event) => retries.push(event) });
          const ended = ending(call(its, { signal: controller.signal }));
          await until(() => retries.length > 0, "the retry");
          await pause(20);
          const reason = new Error("enough");
          controller.abort(reason);
          const began = Date.now();
          const { error, at } = await ended;
          same(error, reason);
          ok(at - began <= 50, `it ended after ${at - began} ms`);
          same(fetch.calls.length, 1, "requests");
        },
        ({ repeated = true }) => repeated,
      );
      await pause(300);
      for (const { calls } of fetches) same(calls.length, 1, "requests after the delay");
    }, 0.99);
    await refill(t, "other", 60);
    await refill(t, "unverified", 20);
  });

  test("ends only the call whose signal is aborted, also if calls share a request", async (t) => {
    const alone = ["workerd", "workerd-2024", "edge"].includes(t.runtime);
    for (const aborted of [0, 1]) {
      await eachMethod(
        async ({ call }) => {
          const waiting = [];
          const fetch = recording(() => new Promise((resolve) => waiting.push(resolve)));
          const its = await subjects(t, { fetch, retries: 0 });
          const controller = new AbortController();
          const calls = [0, 1].map((number) => ending(call(its, number === aborted ? { signal: controller.signal } : undefined)));
          await until(() => waiting.length > 0, "the request");
          controller.abort("enough");
          same((await calls[aborted]).error, "enough");
          // If the call that was aborted had sent the request, the other one sends it again.
          const other = calls[1 - aborted];
          const isDone = Promise.race([other.then(() => true), pause(20).then(() => false)]);
          same(await isDone, false, "the other call is not done");
          const requests = aborted === 0 ? 2 : 1;
          same(waiting.length, alone ? waiting.length : requests, "requests");
          for (const resolve of waiting) resolve(await unavailable(400));
          const { error, value } = await other;
          ok(error !== "enough" && (error !== undefined || value?.status === "unavailable" || value?.status === "unauthenticated"), `it ended with ${error} ${value?.status}`);
        },
        ({ shared }) => shared,
      );
    }
  });

  test("does not count an abort as a failure of the API", async (t) => {
    const [fetch, events] = [recording(), []];
    const client = t.consumer({ ...t.fresh(), isolated: true, fetch, on_event: ({ type }) => events.push(type) });
    for (let number = 0; number < 10; number += 1) {
      const controller = new AbortController();
      const ended = ending(client.authenticateRequest(cookies("stytch_session=a"), { signal: controller.signal }));
      await until(() => fetch.calls.length === number + 1, "the request");
      controller.abort();
      await ended;
    }
    deepSame(events, []);
    fetch.answer = async () => new Response(`{"status_code":404,"error_type":"session_not_found"}`, { status: 404 });
    const { status, reason } = await client.authenticateRequest(cookies("stytch_session=a"));
    deepSame([status, reason], ["unauthenticated", "session_not_found"]);
  });

  test("loads keys at once after the load of another call was aborted", async (t) => {
    const fetch = recording();
    const its = await subjects(t, { fetch });
    const controller = new AbortController();
    const ended = ending(its.client.loadKeys({ signal: controller.signal }));
    await until(() => fetch.calls.length > 0, "the request");
    controller.abort();
    await ended;
    const real = globalThis.fetch;
    fetch.answer = (url, init) => real(url, init);
    const began = Date.now();
    same("session_id" in (await its.client.sessions.authenticateJwtLocal({ session_jwt: its.session_jwt })), true);
    ok(Date.now() - began < 1_000, `after ${Date.now() - began} ms`);
  });

  test("removes its listeners from the signal when the call ends", async (t) => {
    await refill(t, "other");
    await eachMethod(async ({ call }) => {
      const fetch = recording(() => unavailable(400));
      const its = await subjects(t, { fetch });
      const controller = new AbortController();
      const { signal, counts } = counted(controller.signal);
      for (let number = 0; number < 3; number += 1) await ending(call(its, { signal }));
      fetch.answer = () => Promise.reject(new TypeError("no network"));
      await ending(call(its, { signal, retries: 0 }));
      ok(counts.added >= 1, "a listener was added");
      same(counts.removed, counts.added, "removed listeners");
      // An abort after the call changes nothing.
      controller.abort();
    });
  });

  test("accepts a signal that is aborted by a time limit", async (t) => {
    const its = await subjects(t, { fetch: recording() });
    const { error } = await ending(its.client.users.get({ user_id: "user-test-1" }, { signal: AbortSignal.timeout(30) }));
    same(error.name, "TimeoutError");
  });

  test("ends a call at its own time limit", async (t) => {
    await eachMethod(async ({ call }) => {
      const its = await subjects(t, { fetch: recording() });
      const began = Date.now();
      const { error, value, at } = await ending(call(its, { timeout: 300 }));
      same(reasonOf(error ?? value), "timeout");
      ok(at - began >= 290 && at - began < 550, `it ended after ${at - began} ms`);
    });
  });

  test("ends the retries of a call at its time limit", async (t) => {
    await refill(t, "other");
    await refill(t, "unverified", 100);
    await withoutJitter(
      () =>
        eachMethod(
          async ({ call }) => {
            const fetch = recording(() => unavailable());
            const its = await subjects(t, { fetch });
            const began = Date.now();
            const { at } = await ending(call(its, { timeout: 290, retries: 10 }));
            // After a delay of 100 ms, the next one would have 200 ms.
            same(fetch.calls.length, 2, "requests");
            ok(at - began < 290, `it ended after ${at - began} ms`);
          },
          ({ repeated = true }) => repeated,
        ),
      0.5,
    );
    await refill(t, "other", 100);
    await refill(t, "unverified", 20);
  });

  test("repeats a call as often as its own option says", async (t) => {
    for (const budget of ["other", "unverified"]) await refill(t, budget);
    for (const [config, option, requests] of [[undefined, 0, 1], [undefined, 1, 2], [0, 2, 3], [1, null, 2], [0, undefined, 1]]) {
      await withoutJitter(() =>
        eachMethod(
          async ({ call, repeated = true }) => {
            const fetch = recording(() => unavailable());
            const its = await subjects(t, { fetch, ...(config !== undefined && { retries: config }) });
            await ending(call(its, { retries: option }));
            same(fetch.calls.length, repeated ? requests : 1, `requests with retries ${option} of the call and ${config} of the client`);
          },
          ({ shared }) => !shared,
        ),
      );
      await refill(t, "other", 80);
      await refill(t, "unverified", 20);
    }
  });

  test("refuses wrong options of a call, and names them", async (t) => {
    const fetch = recording();
    const its = await subjects(t, { fetch });
    const WRONG = [
      ...[{}, "signal", 1, true, new Map(), { aborted: "no" }, { aborted: false, addEventListener() {} }].map((signal) => ["signal", { signal }]),
      ...["5", 0, -1, NaN, 2 ** 31, Infinity, true, {}, 5n].map((timeout) => ["timeout", { timeout }]),
      ...["2", -1, 1.5, NaN, 11, Infinity, true, [], 2n].map((retries) => ["retries", { retries }]),
    ];
    await eachMethod(async ({ call }) => {
      for (const [name, options] of WRONG) {
        const error = await failure(() => call(its, options), `${name}: ${String(options[name])}`);
        same(error.code, "invalid_argument", `${name}: ${String(options[name])}, ${error}`);
        ok(error.message.includes(name), error.message);
      }
    });
    same(fetch.calls.length, 0, "requests");
  });

  test("accepts undefined and null as options of a call, and options that are inherited", async (t) => {
    const fetch = recording(() => unavailable(400));
    const its = await subjects(t, { fetch });
    for (const options of [{ signal: undefined, timeout: undefined, retries: undefined }, { signal: null, timeout: null, retries: null }, undefined]) {
      await eachMethod(async ({ call }) => {
        const { error } = await ending(call(its, options));
        ok(error?.code !== "invalid_argument", String(error));
      });
    }
    const inherited = Object.create({ signal: AbortSignal.abort("enough") });
    same(await failure(() => its.client.users.get({ user_id: "user-test-1" }, inherited)), "enough");
  });
};

/** The signal with counts of its listeners. */
function counted(signal) {
  const counts = { added: 0, removed: 0 };
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...given) => ((counts.added += 1), addEventListener.apply(signal, given));
  signal.removeEventListener = (...given) => ((counts.removed += 1), removeEventListener.apply(signal, given));
  return { signal, counts };
}

/** The reason of an error, of the request that caused it, or of a verdict. */
const reasonOf = ({ reason, cause }) => cause?.reason ?? reason;
