// Arguments that are part of a path: unsafe arguments are refused before a request is sent,
// and all others are escaped.

import { deepSame, failure, ok, same } from "./assert.js";

// A user id of `..` would address the collection, and escaping does not prevent that.
const UNFIT = [undefined, null, "", ".", "..", 7, true, {}, ["a"]];

/** Each operation with an argument in its path, and the argument's name. */
const OPERATIONS = {
  "users.get": ["consumer", "user_id", (client, params) => client.users.get(params)],
  "users.update": ["consumer", "user_id", (client, params) => client.users.update(params)],
  "users.delete": ["consumer", "user_id", (client, params) => client.users.delete(params)],
  "sessions.getJWKS": ["consumer", "project_id", (client, params) => client.sessions.getJWKS(params)],
  "organizations.get": ["b2b", "organization_id", (client, params) => client.organizations.get(params)],
  "members.get": ["b2b", "organization_id", (client, params) => client.organizations.members.get(params)],
  "members.create": [
    "b2b",
    "organization_id",
    (client, params) => client.organizations.members.create(params),
  ],
  "B2B sessions.getJWKS": ["b2b", "project_id", (client, params) => client.sessions.getJWKS(params)],
};

const AWKWARD = {
  "a b": "a%20b",
  "a/b": "a%2Fb",
  "../x": "..%2Fx",
  "a?b#c": "a%3Fb%23c",
  "100%": "100%25",
  "%2e%2e": "%252e%252e",
  "späß\u{1f511}": "sp%C3%A4%C3%9F%F0%9F%94%91",
  "a\\b;c=d&e+f": "a%5Cb%3Bc%3Dd%26e%2Bf",
  "...": "...",
  "\n": "%0A",
};

export default (test) => {
  for (const [name, [product, argument, call]] of Object.entries(OPERATIONS)) {
    test(`refuses an unsafe ${argument} in the path of ${name}, and sends nothing`, async (t) => {
      const client = t[product]();
      const calls = await t.emulator.callsDuring(async () => {
        for (const value of UNFIT) {
          const error = await failure(
            () => call(client, { [argument]: value }),
            `${name} ${JSON.stringify(value)}`,
          );
          ok(error instanceof t.stytch.ClientError, `expected a ClientError, found ${error}`);
          same(error.code, "invalid_argument");
          ok(error.message.includes(argument), `the message names ${argument}`);
        }
        same((await failure(() => call(client))).code, "invalid_argument");
      });
      deepSame(calls, []);
    });
  }

  test("refuses arguments that are not an object", async (t) => {
    const { users } = t.consumer();
    const calls = await t.emulator.callsDuring(async () => {
      for (const params of ["user-test-1", 7, true, [], () => {}]) {
        same((await failure(() => users.get(params))).code, "invalid_argument", String(params));
      }
    });
    deepSame(calls, []);
  });

  test("escapes all other characters in a path", async (t) => {
    const { users } = t.consumer();
    for (const [user_id, escaped] of Object.entries(AWKWARD)) {
      await failure(() => users.get({ user_id }));
      same((await t.emulator.lastCall()).path, `/v1/users/${escaped}`);
    }
  });
};
