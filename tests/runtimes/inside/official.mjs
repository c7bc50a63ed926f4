// npm stytch and this package side by side, on the same emulator: what one gives,
// the other gives too. README.md has the table of what differs on purpose.

import { deepSame, failure, same } from "../../conformance/assert.js";
import { Fixture } from "../../conformance/fixture.js";

const SESSION = "https://stytch.com/session";

/**
 * Claims that a good token may carry beside the usual ones. A session without roles
 * is not among them: it has an empty list here, as the types promise, and none there.
 */
const CLAIMS = [
  {},
  { plan: "gold", nested: { list: [1, { a: null }] }, späß: "\u{1f511}" },
  { jti: "left out", scope: "read:all" },
  { [SESSION]: { roles: ["a", "b"], expires_at: "2099-08-28T00:41:58.935673Z" } },
  { [SESSION]: { expires_at: "2099-08-28T02:41:58+02:00", attributes: null } },
  { [SESSION]: { expires_at: null } },
  { aud: "AUDIENCE" },
];

/** Tests of both, by name. */
/** Methods that npm stytch has not. */
const OURS = [
  "authenticateJwtLocalSync",
  "authenticateRequest",
  "can",
  "clearSessionHeaders",
  "explain",
  "exportKeys",
  "loadKeys",
  "loadPolicies",
  "protectedResourceMetadata",
  "reset",
  "sessionHeaders",
  "tokenProvider",
];

export function officialTests(official, stytch, emulator, memory) {
  const t = new Fixture({ runtime: "node", stytch, emulator, memory });
  // Its https rule is for custom_base_url alone, and it writes into its configuration.
  const theirs = (product) => {
    const Client = { consumer: official.Client, b2b: official.B2BClient }[product];
    return silently(() => new Client({ ...emulator[product], env: emulator.url }));
  };
  const ours = (product) => t[product]();
  const tests = {};
  for (const product of ["consumer", "b2b"]) {
    tests[`a ${product} session is the one that npm stytch gives`] = async () => {
      for (const [number, claims] of CLAIMS.entries()) {
        if (claims.aud) claims.aud = emulator[product].project_id;
        const session_jwt = await t.emulator.token({ product, claims });
        // As JSON: a member that is undefined there is absent here.
        const check = async (client) =>
          JSON.parse(JSON.stringify(await client.sessions.authenticateJwtLocal({ session_jwt })));
        deepSame(await check(ours(product)), await check(theirs(product)), `session ${number}`);
      }
    };
    tests[`authenticateJwt answers for a ${product} token as npm stytch does`] = async () => {
      const { session_jwt } = product === "b2b" ? await t.logInMember() : await t.logIn();
      const ask = async (client, options) => {
        const { request_id, ...answer } = await client.sessions.authenticateJwt({ session_jwt, ...options });
        return answer;
      };
      deepSame(await ask(ours(product)), await ask(theirs(product)));
      const remote = { max_token_age_seconds: 0 };
      const names = async (client) => Object.keys(await ask(client, remote)).sort();
      deepSame(await names(ours(product)), await names(theirs(product)));
    };
    tests[`a ${product} client has each method that npm stytch has for what it can do`] = () => {
      const walk = (mine, other, path) => {
        for (const name of methods(mine)) {
          if (!OURS.includes(name)) same(typeof other[name], "function", `${path}.${name}`);
        }
        for (const [name, resource] of Object.entries(mine)) walk(resource, other[name], `${path}.${name}`);
      };
      walk(ours(product), theirs(product), product);
    };
  }
  tests["a refusal has the fields that npm stytch gives it"] = async () => {
    const [mine, other] = await Promise.all(
      [ours("consumer"), theirs("consumer")].map((client) =>
        failure(() => client.users.get({ user_id: "user-test-1" })),
      ),
    );
    for (const name of ["status_code", "error_type", "error_message", "error_url", "error_details"]) {
      deepSame(mine[name], other[name], name);
    }
  };
  tests["a token is refused with the code that npm stytch gives"] = async () => {
    const orders = [
      { claims: { exp: 1 } },
      { key: "stranger" },
      { claims: { aud: ["another"] } },
      { header: { typ: "x" } },
    ];
    for (const order of orders) {
      const session_jwt = await t.emulator.token(order);
      const codes = [ours("consumer"), theirs("consumer")].map((client) =>
        failure(() => client.sessions.authenticateJwtLocal({ session_jwt })),
      );
      const [mine, other] = await Promise.all(codes);
      same(mine.code, other.code, JSON.stringify(order));
    }
  };
  return tests;
}

function methods(resource) {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(resource)).filter((name) => name !== "constructor");
}

/** It warns of an `env` that it does not know. */
function silently(step) {
  const { warn } = console;
  console.warn = () => {};
  try {
    return step();
  } finally {
    console.warn = warn;
  }
}
