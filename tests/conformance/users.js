// Users: each operation, and values that pass through unchanged.

import { deepSame, failure, ok, same } from "./assert.js";

const THROWS = () => {
  throw new Error("the caller's error");
};

/** Arguments that run the caller's code, or that JSON cannot represent. */
const UNREADABLE = {
  "a getter that throws": () => Object.defineProperty({}, "name", { get: THROWS, enumerable: true }),
  "a proxy that throws": () => new Proxy({}, { get: THROWS, ownKeys: THROWS }),
  "a toJSON that throws": () => ({ name: { toJSON: THROWS } }),
  "a BigInt": () => ({ number: 1n }),
  "a cycle": () => {
    const cycle = {};
    cycle.itself = cycle;
    return cycle;
  },
};

export default (test) => {
  test("creates a user and returns the same user by its id", async (t) => {
    const { users } = t.consumer();
    const email = t.address();
    const created = await users.create({ email, name: { first_name: "Zoë", last_name: "Ő'Neil" } });
    same(created.status_code, 201);
    same(created.user.user_id, created.user_id);
    deepSame(created.user.name, { first_name: "Zoë", middle_name: "", last_name: "Ő'Neil" });
    const { status_code, request_id, ...user } = await users.get({ user_id: created.user_id });
    same(status_code, 200);
    ok(request_id.startsWith("request-id-test-"), "request_id has the emulator's prefix");
    deepSame(user, created.user);
  });

  test("updates a user with unchanged objects, lists and nulls", async (t) => {
    const { users } = t.consumer();
    const { user_id } = await users.create({ email: t.address() });
    const metadata = {
      list: [1, 2.5, -0.1, []],
      deep: { er: { still: true } },
      text: '\u{1f511} "\\\n',
      large: 2 ** 53,
    };
    await users.update({ user_id, trusted_metadata: { ...metadata, gone: "soon" } });
    const { user } = await users.update({ user_id, trusted_metadata: { gone: null } });
    deepSame(user.trusted_metadata, metadata);
  });

  test("deletes a user", async (t) => {
    const { users } = t.consumer();
    const { user_id } = await users.create({ email: t.address() });
    same((await users.delete({ user_id })).user_id, user_id);
    same((await failure(() => users.get({ user_id }))).error_type, "user_not_found");
  });

  test("searches users by a query, page by page", async (t) => {
    const { users } = t.consumer();
    const emails = [t.address("zebra"), t.address("zebra")];
    for (const email of emails) await users.create({ email });
    const query = { operator: "AND", operands: [{ filter_name: "email_address", filter_value: emails }] };
    const first = await users.search({ query, limit: 1 });
    same(first.results_metadata.total, 2);
    const second = await users.search({ query, limit: 1, cursor: first.results_metadata.next_cursor });
    const found = [...first.results, ...second.results].map((user) => user.emails[0].email);
    deepSame(found.sort(), emails.sort());
    same(second.results_metadata.next_cursor, null);
  });

  test("searches all users if there is no query", async (t) => {
    const { users } = t.consumer();
    await users.create({ email: t.address() });
    ok((await users.search({})).results.length > 0, "the result is not empty");
  });

  test("sends unknown fields unchanged", async (t) => {
    let sent;
    const client = t.consumer({
      fetch: (url, init) => {
        sent = { url, ...init };
        return fetch(url, init);
      },
    });
    const extra = {
      email: t.address(),
      not_known_yet: { a: [null, 1] },
      skipped: undefined,
      when: new Date(0),
    };
    await client.users.create(extra);
    same(sent.body, JSON.stringify(extra));
    const { user_id } = (await client.users.search({ limit: 1 })).results[0];
    await client.users.get({ user_id, not_known_yet: "a b&c", number: 7, skipped: undefined });
    same(sent.url, `${t.emulator.url}/v1/users/${user_id}?not_known_yet=a+b%26c&number=7`);
    same(sent.method, "GET");
    same(sent.body, undefined);
  });

  test("refuses arguments that JSON cannot represent, sends nothing, and continues to work", async (t) => {
    const client = t.consumer();
    const calls = await t.emulator.callsDuring(async () => {
      for (const [what, argument] of Object.entries(UNREADABLE)) {
        const error = await failure(() => client.users.create(argument()), what);
        same(error.code, "invalid_argument", what);
      }
      const user_id = { toString: THROWS };
      same((await failure(() => client.sessions.get({ user_id }))).code, "invalid_argument");
      const symbol = {
        user_id: Symbol("user"),
        get more() {
          return THROWS();
        },
      };
      same((await failure(() => client.sessions.get(symbol))).code, "invalid_argument");
    });
    deepSame(calls, []);
    same(t.memory.instanceCount(), t.instancesBefore, "instances of the wasm");
    same((await client.debug.whoami()).status_code, 200);
  });

  // The wasm memory never shrinks, and an attacker may control the size of a body.
  test("sends a large body that does not enter the wasm memory", async (t) => {
    const sizes = [];
    const fetch = async (_url, { body }) => {
      sizes.push(body.length);
      return new Response('{"status_code":200}');
    };
    const client = t.consumer({ fetch });
    await client.users.create({ email: "" });
    const before = t.memory.bytes();
    await client.users.create({ email: "x".repeat(4_000_000) });
    same(t.memory.bytes(), before, "bytes of wasm memory");
    ok(sizes[1] > 4_000_000, "the whole body was sent");
    same((await failure(() => client.users.get({ user_id: "x".repeat(4_097) }))).code, "invalid_argument");
  });

  test("does not change the caller's argument", async (t) => {
    const { users } = t.consumer();
    const { user_id } = await users.create(Object.freeze({ email: t.address() }));
    const params = Object.freeze({ user_id, untrusted_metadata: Object.freeze({ a: 1 }) });
    await users.update(params);
    deepSame(params, { user_id, untrusted_metadata: { a: 1 } });
  });
};
