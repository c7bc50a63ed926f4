// Concurrent calls, and their results if the wasm traps.

import { deepSame, failure, ok, same } from "./assert.js";

export default (test) => {
  test("returns the right response to each of many concurrent calls", async (t) => {
    const { users } = t.consumer();
    const emails = Array.from({ length: 50 }, () => t.address());
    const created = await Promise.all(emails.map((email) => users.create({ email })));
    deepSame(
      created.map(({ user }) => user.emails[0].email),
      emails,
    );
    const found = await Promise.all(created.map(({ user_id }) => users.get({ user_id })));
    deepSame(
      found.map((user) => user.user_id),
      created.map(({ user_id }) => user_id),
    );
  });

  test("returns responses that arrive out of order to the right calls", async (t) => {
    const held = ["a", "b", "c"].map(() => heldFetch());
    const calls = held.map(({ fetch }) => t.consumer({ fetch }).debug.whoami());
    await Promise.all(held.map(({ asked }) => asked));
    for (const number of [2, 0, 1]) held[number].answer(`{"name":"${number}"}`);
    deepSame(
      (await Promise.all(calls)).map(({ name }) => name),
      ["0", "1", "2"],
    );
  });

  test("aborts the fetch after the timeout", async (t) => {
    const { fetch, asked } = heldFetch();
    const error = await failure(() => t.consumer({ fetch, timeout: 20 }).debug.whoami());
    same(error.reason, "timeout");
    same((await asked).signal.aborted, true);
  });

  test("rejects one call if the wasm traps, and continues with a new instance", async (t) => {
    // The pending calls of the old instance are lost, with their timers.
    const client = t.consumer({ timeout: 1_000 });
    const session_jwt = await t.emulator.token();
    const before = t.memory.instanceCount();
    for (const [trapIn, call] of [
      ["authenticate_jwt_local", () => client.sessions.authenticateJwtLocal({ session_jwt })],
      ["call", () => client.debug.whoami()],
      ["resume", () => client.debug.whoami()],
    ]) {
      t.memory.trapOnceIn(trapIn);
      const error = await failure(call, trapIn);
      ok(error instanceof t.stytch.ClientError, `expected a ClientError, found ${error}`);
      same(error.code, "internal");
      await call();
    }
    same(t.memory.instanceCount(), before + 3, "instances");
  });

  test("returns the verdict unavailable if the wasm traps, for sessions and access tokens", async (t) => {
    const request = { headers: new Headers({ Authorization: "Bearer a.b.c" }) };
    const client = t.consumer();
    for (const [trapIn, resource] of [["authenticate_request", client], ["authenticate_app_request", client.idp], ["authenticate_machine_request", client.m2m]]) {
      t.memory.trapOnceIn(trapIn);
      const { status, reason, headers } = await resource.authenticateRequest(request);
      deepSame([status, reason, headers.get("WWW-Authenticate")], ["unavailable", "internal", null]);
      same((await resource.authenticateRequest(request)).status, "unauthenticated");
    }
  });

  test("rejects a call that waits for the key request of another call if the wasm traps", async (t) => {
    const { fetch } = globalThis;
    const held = heldFetch();
    globalThis.fetch = held.fetch;
    try {
      const config = { ...t.fresh(), timeout: 1_000 };
      const leader = failure(() => t.consumer(config).loadKeys(), "the call that fetches");
      await held.asked;
      const follower = failure(() => t.consumer(config).loadKeys(), "the call that waits");
      t.memory.trapOnceIn("resume");
      held.answer('{"keys":[]}');
      same((await leader).code, "internal");
      const lost = new Promise((resolve) => setTimeout(resolve, 2_000, { code: "the call does not end" }));
      same((await Promise.race([follower, lost])).code, "internal");
    } finally {
      globalThis.fetch = fetch;
    }
  });

  test("keeps the configuration of a pending call while many other clients are registered", async (t) => {
    const session_jwt = await t.emulator.token();
    const config = t.fresh();
    let [release, asked] = [];
    const released = new Promise((resolve) => (release = resolve));
    const started = new Promise((resolve) => (asked = resolve));
    const held = async (url, init) => {
      asked();
      await released;
      return fetch(url, init);
    };
    const client = t.consumer({ ...config, fetch: held });
    const check = client.sessions.authenticateJwtLocal({ session_jwt });
    await started;
    const others = Array.from({ length: 1_100 }, (_, number) => ({ project_id: `project-test-${number}`, secret: "other" }));
    for (const other of others) new t.stytch.B2BClient(other).reset();
    release();
    same("session_id" in (await check), true);
    same((await client.debug.whoami()).project_id, t.emulator.consumer.project_id);
    for (const { project_id } of [others[0], others.at(-1)]) {
      const asks = async (url, init) => Response.json({ url, authorization: new Headers(init.headers).get("authorization") });
      const answer = await new t.stytch.B2BClient({ project_id, secret: "other", fetch: asks }).debug.whoami();
      same(answer.authorization, `Basic ${btoa(`${project_id}:other`)}`);
    }
  });

  test("keeps the calls before and after a trap apart", async (t) => {
    const [early, late] = [heldFetch(), heldFetch()];
    const call = ({ fetch }) => t.consumer({ fetch, timeout: 1_000 }).debug.whoami();
    // Each trap causes a new instance, so the two calls have the same numbers in their instances.
    await trap(t);
    const lost = call(early);
    await early.asked;
    await trap(t);
    const kept = call(late);
    await late.asked;
    early.answer('{"name":"early"}');
    const error = await failure(() => lost, "the call during the trap");
    same(error.code, "internal");
    late.answer('{"name":"late"}');
    same((await kept).name, "late");
  });
};

async function trap(t) {
  t.memory.trapOnceIn("authenticate_jwt_local");
  const error = await failure(() => t.consumer().sessions.authenticateJwtLocal({ session_jwt: "a.b.c" }));
  same(error.code, "internal");
}

/** A `fetch` for one call. `answer` resolves it, and `asked` resolves to its `init`. */
function heldFetch() {
  let [answer, called] = [];
  const answered = new Promise((resolve) => (answer = (text) => resolve(new Response(text))));
  const asked = new Promise((resolve) => (called = resolve));
  const fetch = (_, init) => {
    called(init);
    return answered;
  };
  return { fetch, asked, answer };
}
