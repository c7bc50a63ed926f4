// The configuration of a client: accepted values, and refused values with the field's name.

import { deepSame, failure, ok, same } from "./assert.js";

const FIELDS = { project_id: "project-test-1", secret: "secret-test-1" };

/** Changes to a valid configuration, and the field that the error must name. */
const REFUSED = [
  ["project_id", [undefined, null, "", 7, {}]],
  ["secret", [undefined, null, "", 7, {}]],
  [
    "custom_base_url",
    [
      "http://example.com",
      "http://127.0.0.1.example.com",
      "http://localhost.example.com",
      "ftp://127.0.0.1",
      "nonsense",
      "//example.com",
      7,
      "https://user:pass@example.com/",
      "javascript:0",
    ],
  ],
  ["env", ["http://example.com", "http://10.0.0.1/", "nonsense", "test"]],
  ["fraud_env", ["http://example.com", "nonsense"]],
  ["timeout", ["long", -1, Infinity, 2 ** 31, 0.5, {}, "30"]],
  ["fetch", ["fetch", {}, null, 7]],
  ["wait_until", ["waitUntil", {}, null, 7]],
  ["on_event", ["log", {}, null, 7]],
  ["store", [null, 7, "kv", {}, { get() {} }, { put() {} }, { get: 1, put() {} }]],
  ["keys_max_stale_seconds", [-1, NaN, Infinity, "60", {}]],
  ["policy_ttl_seconds", [-1, NaN, Infinity, "60", {}]],
  ["jwks_url", [null, "", 7, "nonsense", "http://example.com/", "https://user:pass@example.com/"]],
];

const ODD_URLS = [
  "https://own.example/a/b?c#d",
  "https:///own.example",
  "https:own.example/a/b",
  "https:\\\\own.example\\a",
  " HTTPS://OWN.EXAMPLE ",
  "ht\ntps://own.exam\tple",
];

export default (test) => {
  for (const [field, values] of REFUSED) {
    test(`names an invalid ${field} in the error`, async (t) => {
      for (const value of values) {
        for (const Client of [t.stytch.Client, t.stytch.B2BClient]) {
          const error = await failure(() => new Client({ ...FIELDS, [field]: value }), String(value));
          ok(error instanceof t.stytch.ClientError, `${String(value)}: expected a ClientError, found ${error}`);
          same(error.code, "invalid_argument");
          ok(error.message.includes(field), `"${error.message}" names ${field}`);
        }
      }
    });
  }

  test("refuses a configuration that is not an object", async (t) => {
    for (const config of [undefined, null, "project-test-1", 7, true]) {
      const error = await failure(() => new t.stytch.Client(config));
      same(error.code, "invalid_argument");
      ok(error.message.includes("project_id"), "the message names project_id");
    }
  });

  test("refuses options of other kinds of clients", async (t) => {
    for (const name of ["jwks", "token_cache", "store", "on_event", "remote_fallback", "cookies"]) {
      for (const value of [{}, false, 0, ""]) {
        const error = await failure(() => new t.stytch.SamlShieldClient({ public_token: "a", [name]: value }), name);
        same(error.code, "not_supported");
        ok(error.message.includes(name), `the message names ${name}`);
      }
    }
  });

  test("accepts https anywhere and http on loopback hosts", async (t) => {
    for (const custom_base_url of [
      "https://login.example.com",
      "http://localhost:1",
      "http://127.1.2.3",
      "http://[::1]:8",
    ]) {
      new t.stytch.Client({ ...FIELDS, custom_base_url });
    }
    new t.stytch.Client({ ...FIELDS, env: t.stytch.envs.live, fraud_env: t.stytch.envs.fraud, timeout: 1 });
  });

  test("derives the base URL from project_id, env or custom_base_url", async (t) => {
    const asked = [];
    const fetch = async (url) => {
      asked.push(url);
      return new Response("{}");
    };
    const live = { ...FIELDS, project_id: "project-live-1" };
    const configs = [
      FIELDS,
      live,
      { ...live, env: "https://env.example" },
      { ...live, custom_base_url: "https://own.example/", env: "https://env.example" },
    ];
    for (const config of configs) await new t.stytch.Client({ ...config, fetch }).debug.whoami();
    deepSame(
      asked.map((url) => new URL(url).origin),
      ["https://test.stytch.com", "https://api.stytch.com", "https://env.example", "https://own.example"],
    );
  });

  // The check sees the parsed URL, which may differ from its text.
  test("sends requests to the host that was checked, for unusual spellings of its URL", async (t) => {
    for (const custom_base_url of ODD_URLS) {
      let asked;
      const fetch = async (url) => {
        asked = new URL(url).href;
        return new Response("{}");
      };
      await new t.stytch.Client({ ...FIELDS, custom_base_url, fetch }).debug.whoami();
      same(asked, "https://own.example/v1/debug/whoami", JSON.stringify(custom_base_url));
    }
  });

  test("accepts a frozen configuration", async (t) => {
    const config = Object.freeze(t.config());
    const before = JSON.stringify(config);
    same((await new t.stytch.Client(config).debug.whoami()).status_code, 200);
    same(JSON.stringify(config), before);
  });

  test("ignores later changes of the configuration object", async (t) => {
    const config = t.config();
    const client = new t.stytch.Client(config);
    config.secret = "another";
    config.custom_base_url = "https://example.invalid";
    same((await client.debug.whoami()).status_code, 200);
  });

  test("calls the caller's fetch, with credentials for the API and without for the key set", async (t) => {
    const seen = [];
    const given = (url, init) => {
      seen.push({ url, init });
      return fetch(url, init);
    };
    const client = t.consumer({ ...t.fresh(), fetch: given });
    await client.debug.whoami();
    await client.sessions.authenticateJwtLocal({ session_jwt: await t.emulator.token() });
    const { project_id, secret } = t.emulator.consumer;
    const authorization = ({ init }) => new Headers(init.headers).get("authorization");
    same(seen.length, 2);
    same(authorization(seen[0]), `Basic ${btoa(`${project_id}:${secret}`)}`);
    same(authorization(seen[1]), null);
    ok(
      seen.every(({ init }) => init.redirect === "manual"),
      "redirects are not followed",
    );
  });

  test("sends a user agent with the package's name", async (t) => {
    await t.consumer().debug.whoami();
    ok(
      /^stytch-edge\/\d+\.\d+\.\d+$/.test((await t.emulator.lastCall()).user_agent),
      "the user agent contains the package's name",
    );
  });

  test("reads the credentials from an object, with additional configuration", async (t) => {
    const { project_id, secret } = t.emulator.consumer;
    const { custom_base_url } = t.config();
    const env = { STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret };
    const client = t.stytch.Client.fromEnv(env, { custom_base_url });
    ok(client instanceof t.stytch.Client, "the result is a Client");
    same((await client.debug.whoami()).project_id, project_id);
    ok(t.stytch.B2BClient.fromEnv(env) instanceof t.stytch.B2BClient, "the result is a B2BClient");
  });

  test("reads the base URL and both names of the secret from the environment", async (t) => {
    const { project_id, secret } = t.emulator.consumer;
    const url = t.emulator.url;
    const whoami = (...given) => t.stytch.Client.fromEnv(...given).debug.whoami();
    const named = { STYTCH_PROJECT_ID: project_id, STYTCH_BASE_URL: url };
    same((await whoami({ ...named, STYTCH_SECRET: secret })).project_id, project_id);
    same((await whoami({ ...named, STYTCH_PROJECT_SECRET: secret })).project_id, project_id);
    same((await whoami({ ...named, STYTCH_SECRET: "", STYTCH_PROJECT_SECRET: secret })).project_id, project_id);
    same((await whoami({ ...named, STYTCH_SECRET: secret, STYTCH_PROJECT_SECRET: "another" })).project_id, project_id);
    same((await whoami(new Map(Object.entries({ ...named, STYTCH_PROJECT_SECRET: secret })))).project_id, project_id);
    const elsewhere = { ...named, STYTCH_BASE_URL: "https://own.example", STYTCH_SECRET: secret };
    same((await whoami(elsewhere, { custom_base_url: url })).project_id, project_id, "the configuration precedes the environment");
    same((await whoami({}, { project_id, secret, custom_base_url: url })).project_id, project_id, "an empty environment is sufficient");
    const wrong = await failure(() => whoami({ ...named, STYTCH_BASE_URL: "http://own.example", STYTCH_SECRET: secret }));
    ok(wrong.message.includes("custom_base_url"), `${wrong}: the message names the option`);
  });

  // Deno restricts which variables a program may read.
  test("ignores optional variables that it may not read, and fails for required ones", async (t) => {
    const { project_id, secret } = t.emulator.consumer;
    const env = (permitted) => ({
      get(name) {
        if (!(name in permitted)) throw new Error(`${name} may not be read`);
        return permitted[name];
      },
    });
    const { Client } = t.stytch;
    ok(Client.fromEnv(env({ STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret })) instanceof Client, "two variables are sufficient");
    ok(Client.fromEnv(env({ STYTCH_PROJECT_ID: project_id, STYTCH_PROJECT_SECRET: secret })) instanceof Client, "the other name of the secret works");
    for (const permitted of [{ STYTCH_PROJECT_ID: project_id }, { STYTCH_SECRET: secret }]) {
      ok(/STYTCH_\w+ may not be read/.test((await failure(() => Client.fromEnv(env(permitted)))).message), "the runtime's own error is thrown");
    }
  });

  // A live project id in quotes would count as a test project, and its secret would be sent to the test API.
  test("refuses ids and secrets with white space, quotes or invisible characters", async (t) => {
    const { Client, B2BClient, SamlShieldClient, SessionVerifier } = t.stytch;
    const marks = [" ", "\n", "\r\n", "\t", "\0", "\"", "'", "`", "\u0085", "\u00a0", "\u00ad", "\u200b", "\u200d", "\u200e", "\u2018", "\u201d", "\u2028", "\u2032", "\u2060", "\ufeff"];
    for (const mark of marks) {
      for (const wrap of [(text) => mark + text, (text) => text + mark, (text) => mark + text + mark]) {
        const [project_id, secret] = [wrap("project-live-1"), wrap("secret")];
        const wrong = [
          [() => new Client({ ...FIELDS, project_id }), "project_id"],
          [() => new Client({ ...FIELDS, project_id, env: "https://env.example" }), "project_id"],
          [() => new B2BClient({ ...FIELDS, secret }), "secret"],
          [() => new SessionVerifier({ project_id }), "project_id"],
          [() => new SamlShieldClient({ public_token: wrap("public-token") }), "public_token"],
          [() => Client.fromEnv({ STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: "secret" }), "project_id"],
          [() => Client.fromEnv({ STYTCH_PROJECT_ID: "project-test-1", STYTCH_SECRET: secret }), "secret"],
        ];
        for (const [make, name] of wrong) {
          const error = await failure(make, `${name} ${JSON.stringify(wrap("…"))}`);
          same(error.code, "invalid_argument");
          same(error.message, `invalid_argument: "${name}" in config must be ASCII characters without white space or quotes around them`);
        }
      }
    }
  });

  test("refuses a malformed project_id instead of using the test API", async (t) => {
    const { Client } = t.stytch;
    const damaged = ["<project-live-1>", "PROJECT-LIVE-1", "STYTCH_PROJECT_ID=project-live-1", "project-live-", "project-prod-1", "live-1", "project-test-1,project-live-1"];
    for (const project_id of damaged) {
      const error = await failure(() => new Client({ ...FIELDS, project_id }), project_id);
      ok(/"project_id" in config must begin with project-test- or project-live-/.test(error.message), String(error));
      ok(new Client({ ...FIELDS, project_id, custom_base_url: "https://own.example" }) instanceof Client, "custom_base_url determines the API");
    }
  });

  test("uses the whole configuration that is passed to fromEnv, or refuses it", async (t) => {
    const { project_id, secret } = t.emulator.consumer;
    const env = { STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret };
    const pinned = { jwks: { keys: [] }, jwks_pinned: true };
    for (const config of [Object.create(pinned), new Map(Object.entries(pinned)), Object.defineProperty({}, "jwks", { value: pinned.jwks }), "config", 5]) {
      same((await failure(() => t.stytch.Client.fromEnv(env, config))).message, "invalid_argument: the configuration must be a plain object");
    }
    for (const config of [undefined, null, {}]) ok(t.stytch.Client.fromEnv(env, config) instanceof t.stytch.Client, "an absent configuration is accepted");
  });

  test("ignores properties of Object.prototype in the environment", async (t) => {
    const { project_id, secret } = t.emulator.consumer;
    const asked = [];
    const fetch = async (url) => (asked.push(new URL(url).origin), new Response("{}"));
    Object.prototype.STYTCH_BASE_URL = "https://elsewhere.example";
    try {
      for (const env of [{}, Object.create({}), Object.create(null)]) {
        Object.assign(env, { STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret });
        await t.stytch.Client.fromEnv(env, { fetch }).debug.whoami();
      }
      const inherited = Object.create({ STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret });
      await t.stytch.Client.fromEnv(inherited, { fetch }).debug.whoami();
    } finally {
      delete Object.prototype.STYTCH_BASE_URL;
    }
    deepSame(asked, Array(4).fill("https://test.stytch.com"));
  });

  test("reads the credentials from an object with get, such as Deno.env", async (t) => {
    const { project_id, secret } = t.emulator.consumer;
    const env = new Map(Object.entries({ STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret }));
    const client = t.stytch.Client.fromEnv(env, { custom_base_url: t.emulator.url });
    same((await client.debug.whoami()).project_id, project_id);
  });

  test("reads the credentials from process.env", async (t) => {
    const { env } = globalThis.process;
    const { project_id, secret } = t.emulator.consumer;
    Object.assign(env, { STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret });
    try {
      const client = t.stytch.Client.fromEnv(undefined, { custom_base_url: t.emulator.url });
      same((await client.debug.whoami()).project_id, project_id);
    } finally {
      delete env.STYTCH_PROJECT_ID;
      delete env.STYTCH_SECRET;
    }
  });

  test("names the missing variable of the environment", async (t) => {
    for (const env of [undefined, {}, { STYTCH_SECRET: "s" }, new Map()]) {
      const error = await failure(() => t.stytch.Client.fromEnv(env));
      same(error.code, "invalid_argument");
      ok(error.message.includes("STYTCH_PROJECT_ID"), "the message names the variable");
    }
    const error = await failure(() => t.stytch.Client.fromEnv({ STYTCH_PROJECT_ID: "project-test-1" }));
    ok(error.message.includes("STYTCH_SECRET"), "the message names the variable");
  });

  test("accepts a client that was constructed at module scope", async (t) => {
    same((await t.moduleScopeClient.debug.whoami()).status_code, 200);
  });
};
