// The comparison with npm stytch against one emulator: both return the same. The table of
// deliberate differences is in docs/reference/differences.md.

import { deepSame, failure, same } from "../../conformance/assert.js";
import { Fixture } from "../../conformance/fixture.js";
import { silently } from "./silently.mjs";

const SESSION = "https://stytch.com/session";

/**
 * Additional claims of a valid token. A session without roles is excluded: this package
 * returns an empty list, as declared, and npm stytch returns none.
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

/** Methods that npm stytch does not have. */
const OURS = [
  "authenticateJwtLocalSync",
  "authenticateRequest",
  "can",
  "clearSessionHeaders",
  "explain",
  "doctor",
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
  // npm stytch requires https for custom_base_url only, and changes its configuration object.
  const theirs = (product) => {
    const Client = { consumer: official.Client, b2b: official.B2BClient }[product];
    return silently(() => new Client({ ...emulator[product], env: emulator.url }));
  };
  const ours = (product) => t[product]();
  const tests = {};
  for (const product of ["consumer", "b2b"]) {
    tests[`returns the same ${product} session as npm stytch`] = async () => {
      for (const [number, claims] of CLAIMS.entries()) {
        if (claims.aud) claims.aud = emulator[product].project_id;
        const session_jwt = await t.emulator.token({ product, claims });
        // Compared as JSON, because npm stytch returns undefined members.
        const check = async (client) =>
          JSON.parse(JSON.stringify(await client.sessions.authenticateJwtLocal({ session_jwt })));
        deepSame(await check(ours(product)), await check(theirs(product)), `session ${number}`);
      }
    };
    tests[`returns the same as npm stytch from authenticateJwt for a ${product} token`] = async () => {
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
    tests[`has only methods of npm stytch in a ${product} client, and the listed ones`] = () => {
      const walk = (mine, other, path) => {
        for (const name of methods(mine)) {
          if (!OURS.includes(name)) same(typeof other[name], "function", `${path}.${name}`);
        }
        for (const [name, resource] of Object.entries(mine)) walk(resource, other[name], `${path}.${name}`);
      };
      walk(ours(product), theirs(product), product);
    };
  }
  tests["throws API errors with the same fields as npm stytch"] = async () => {
    const [mine, other] = await Promise.all(
      [ours("consumer"), theirs("consumer")].map((client) =>
        failure(() => client.users.get({ user_id: "user-test-1" })),
      ),
    );
    for (const name of ["status_code", "error_type", "error_message", "error_url", "error_details"]) {
      deepSame(mine[name], other[name], name);
    }
  };
  tests["refuses tokens with the same codes as npm stytch"] = async () => {
    const changes = [
      { claims: { exp: 1 } },
      { key: "stranger" },
      { claims: { aud: ["another"] } },
      { header: { typ: "x" } },
    ];
    for (const change of changes) {
      const session_jwt = await t.emulator.token(change);
      const codes = [ours("consumer"), theirs("consumer")].map((client) =>
        failure(() => client.sessions.authenticateJwtLocal({ session_jwt })),
      );
      const [mine, other] = await Promise.all(codes);
      same(mine.code, other.code, JSON.stringify(change));
    }
  };
  return tests;
}

function methods(resource) {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(resource)).filter((name) => name !== "constructor");
}
