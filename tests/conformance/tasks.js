// Calls that are under way at the same time, and what becomes of them when the
// wasm fails beneath them.

import { deepSame, failure, ok, same } from "./assert.js";

export default (test) => {
  test("gives each of many calls at once its own answer", async (t) => {
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

  test("gives answers that come in another order to whom they belong", async (t) => {
    const held = ["a", "b", "c"].map(() => heldFetch());
    const calls = held.map(({ fetch }) => t.consumer({ fetch }).debug.whoami());
    await Promise.all(held.map(({ asked }) => asked));
    for (const number of [2, 0, 1]) held[number].answer(`{"name":"${number}"}`);
    deepSame(
      (await Promise.all(calls)).map(({ name }) => name),
      ["0", "1", "2"],
    );
  });

  test("ends the fetch when the time is up", async (t) => {
    const { fetch, asked } = heldFetch();
    const error = await failure(() => t.consumer({ fetch, timeout: 20 }).debug.whoami());
    same(error.reason, "timeout");
    same((await asked).signal.aborted, true);
  });

  test("fails one call when the wasm traps, and works again on a fresh instance", async (t) => {
    // What was under way in a lost instance is lost, its timer included.
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
      ok(error instanceof t.stytch.ClientError, `it is a ClientError and not ${error}`);
      same(error.code, "internal");
      await call();
    }
    same(t.memory.instanceCount(), before + 3, "instances");
  });

  test("gives verdicts where the wasm traps, on visitors and on whoever calls a service", async (t) => {
    const request = { headers: new Headers({ Authorization: "Bearer a.b.c" }) };
    const client = t.consumer();
    for (const [trapIn, judge] of [["authenticate_request", client], ["authenticate_app_request", client.idp], ["authenticate_machine_request", client.m2m]]) {
      t.memory.trapOnceIn(trapIn);
      const { status, reason, headers } = await judge.authenticateRequest(request);
      deepSame([status, reason, headers.get("WWW-Authenticate")], ["unavailable", "internal", null]);
      same((await judge.authenticateRequest(request)).status, "unauthenticated");
    }
  });

  test("fails a call that waits for another one's keys when the wasm traps", async (t) => {
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
      const lost = new Promise((resolve) => setTimeout(resolve, 2_000, { code: "it never ends" }));
      same((await Promise.race([follower, lost])).code, "internal");
    } finally {
      globalThis.fetch = fetch;
    }
  });

  test("gives a call its own configuration to the end, however many others are registered meanwhile", async (t) => {
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

  test("keeps a call that was under way during a trap apart from those that come after it", async (t) => {
    const [early, late] = [heldFetch(), heldFetch()];
    const call = ({ fetch }) => t.consumer({ fetch, timeout: 1_000 }).debug.whoami();
    // After each trap the instance is new; so the two calls are alike as far as wasm can tell.
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

/** A `fetch` for one call, which answers when it is told to; `asked` gives its `init`. */
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
