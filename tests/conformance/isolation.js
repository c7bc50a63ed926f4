// Features for tests of a caller's code: `isolated`, `reset`, `jwks`, and mocks of `fetch`.

import { deepSame, failure, ok, same } from "./assert.js";
import { makeSigner } from "./signer.js";

const PROJECT = { project_id: "project-test-mocked", secret: "none" };

/** A mock of the API with one key, and the paths of its requests. */
async function mocked(answerOf, number = 0) {
  const signer = await makeSigner(number);
  const asked = [];
  const fetch = async (url) => {
    asked.push(new URL(url).pathname);
    return answerOf({ keys: [signer.jwk], status_code: 200, request_id: "mock" });
  };
  const claims = { iss: `stytch.com/${PROJECT.project_id}`, aud: [PROJECT.project_id], sub: "user-test-1", exp: 32503680000 };
  const payload = JSON.stringify({ ...claims, "https://stytch.com/session": { id: "session-test-1" } });
  const session_jwt = await signer.sign(JSON.stringify({ alg: "RS256", typ: "JWT", kid: signer.jwk.kid }), payload);
  return { fetch, asked, session_jwt, jwks: { keys: [signer.jwk] } };
}

const responses = {
  "a Response": (body) => Response.json(body),
  "{ status, json }": (body) => ({ status: 200, json: async () => body }),
  "{ status, json } without a promise": (body) => ({ status: 200, json: () => body }),
  "{ ok, json }": (body) => ({ ok: true, json: async () => body }),
  "{ json } alone": (body) => ({ json: async () => body }),
  "{ status, text }": (body) => ({ status: 200, text: async () => JSON.stringify(body) }),
};

const check = (client, session_jwt) => client.sessions.authenticateJwtLocal({ session_jwt });

export default (test) => {
  for (const [form, answerOf] of Object.entries(responses)) {
    test(`uses the own fetch of each isolated client, which returns ${form}`, async (t) => {
      const mocks = [await mocked(answerOf, 0), await mocked(answerOf, 1)];
      const clients = mocks.map(({ fetch }) => new t.stytch.Client({ ...PROJECT, fetch, isolated: true }));
      for (const [number, client] of clients.entries()) {
        const { session_jwt, asked } = mocks[number];
        same((await check(client, session_jwt)).session_id, "session-test-1");
        const { reason } = await failure(() => check(client, mocks[1 - number].session_jwt));
        same(reason, "bad_signature", "the other client's token");
        ok(asked.length >= 1 && asked.every((path) => path.includes("/jwks/")), `requests: ${asked}`);
        same((await client.debug.whoami()).request_id, "mock");
      }
    });
  }

  test("throws for a mock's response that is an error or is not a response", async (t) => {
    const answers = [
      [{ status: 404, json: async () => ({ error_type: "session_not_found" }) }, "StytchError"],
      [{ ok: false, json: async () => ({ error_type: "session_not_found" }) }, "RequestError"],
      [{ status: 200 }, "RequestError"],
      [{ status: 200, json: "{}" }, "RequestError"],
      [{ status: 200, json: () => Promise.reject(new Error("no body")) }, "RequestError"],
      [{ status: 200, json: async () => undefined }, "RequestError"],
      [{ status: "200", json: async () => ({}) }, "RequestError"],
      [null, "RequestError"],
      [undefined, "RequestError"],
      ["{}", "RequestError"],
    ];
    for (const [number, [answer, name]] of answers.entries()) {
      const client = new t.stytch.Client({ ...PROJECT, fetch: async () => answer, isolated: true });
      same((await failure(() => client.debug.whoami())).name, name, `answer ${number}`);
    }
  });

  test("keeps the state of isolated clients apart, and shares the isolate state between others", async (t) => {
    const config = t.fresh();
    const session_jwt = await t.emulator.token();
    const keySet = `GET ${t.emulator.keySetPath("consumer")} 200 none`;
    const calls = (...clients) =>
      t.emulator.callsDuring(async () => {
        for (const client of clients) await check(client, session_jwt);
      });
    deepSame(await calls(t.consumer(config), t.consumer(config)), [keySet]);
    const [one, other] = [t.consumer({ ...config, isolated: true }), t.consumer({ ...config, isolated: true })];
    deepSame(await calls(one, other, one, other), [keySet, keySet]);
    deepSame(await calls(t.consumer(config)), []);
    const { status, via } = await one.authenticateRequest({ headers: { authorization: `Bearer ${session_jwt}` } });
    deepSame([status, via], ["authenticated", "cache"]);
  });

  test("keeps the policies of an isolated client apart", async (t) => {
    const config = t.fresh();
    const calls = async (client) => (await t.emulator.callsDuring(() => client.loadPolicies())).length;
    deepSame([await calls(t.consumer(config)), await calls(t.consumer(config))], [1, 0]);
    const isolated = t.consumer({ ...config, isolated: true });
    deepSame([await calls(isolated), await calls(isolated)], [1, 0]);
    isolated.reset();
    deepSame([await calls(isolated), await calls(t.consumer(config))], [1, 0]);
  });

  test("counts an isolated client's calls for tokens with unknown kids apart", async (t) => {
    const config = t.fresh();
    const { sign } = await makeSigner();
    const header = JSON.stringify({ alg: "RS256", typ: "JWT", kid: "made up" });
    const authorization = `Bearer ${await sign(header, JSON.stringify({ exp: 32503680000 }))}`;
    const reasons = async (client, times) => {
      const seen = [];
      for (let time = 0; time < times; time += 1) seen.push((await client.authenticateRequest({ headers: { authorization } })).reason);
      return seen;
    };
    const down = { fetch: async (url) => (url.includes("/jwks/") ? new Response("no", { status: 503 }) : fetch(url)) };
    const shared = t.consumer({ ...config, ...down });
    const before = await reasons(shared, 12);
    same(before.at(-1), "keys_unavailable", "the budget of calls per minute is exhausted");
    const isolated = t.consumer({ ...config, ...down, isolated: true });
    ok((await reasons(isolated, 1))[0] !== undefined, "the verdict has a reason");
    isolated.reset();
    deepSame(await reasons(shared, 1), ["keys_unavailable"], "the reset of another client does not restore the budget");
  });

  test("forgets keys, remembered tokens and policies of the client's project only, at reset", async (t) => {
    const [config, other] = [t.fresh(), t.fresh()];
    const session_jwt = await t.emulator.token();
    const [client, otherProject] = [t.consumer(config), t.consumer(other)];
    const use = async (its) => {
      await check(its, session_jwt);
      await its.loadPolicies();
    };
    const calls = async (its) => (await t.emulator.callsDuring(() => use(its))).length;
    deepSame([await calls(client), await calls(otherProject), await calls(client)], [2, 2, 0]);
    client.reset();
    same((await failure(() => client.sessions.authenticateJwtLocalSync({ session_jwt }))).reason, "keys_unavailable");
    deepSame([await calls(otherProject), await calls(client), await calls(client)], [0, 2, 0]);
    t.consumer(config).reset();
    deepSame(await calls(client), 2, "the reset applies to every client of the project");
  });

  test("forgets the tokens of token providers at reset", async (t) => {
    let issued = 0;
    const fetch = async () => Response.json({ access_token: `token ${(issued += 1)}`, expires_in: 3600 });
    const client = new t.stytch.Client({ ...PROJECT, fetch, isolated: true });
    const token = client.m2m.tokenProvider({ client_id: "id", client_secret: "secret" });
    deepSame([await token(), await token()], ["token 1", "token 1"]);
    client.reset();
    deepSame([await token(), await token()], ["token 2", "token 2"]);
    const [one, other] = [{}, { policy_ttl_seconds: 5 }].map((more) => new t.stytch.Client({ ...PROJECT, ...t.base, ...more, fetch }));
    const shared = one.m2m.tokenProvider({ client_id: "id", client_secret: "secret" });
    same(await shared(), "token 3");
    other.reset();
    same(await shared(), "token 4", "the reset applies to clients of the project with other options");
  });

  test("sends no request for provided keys, also not in loadKeys", async (t) => {
    const { session_jwt, jwks } = await mocked(() => fail());
    const offline = async () => fail();
    for (const pinned of [{}, { jwks_pinned: true }]) {
      for (const isolated of [true, false]) {
        const client = new t.stytch.Client({ ...PROJECT, ...t.fresh(), jwks, ...pinned, isolated, fetch: offline });
        await client.loadKeys();
        same(client.sessions.authenticateJwtLocalSync({ session_jwt }).session_id, "session-test-1");
        deepSame(await client.exportKeys(), jwks);
        client.reset();
        same((await check(client, session_jwt)).session_id, "session-test-1", "the provided keys remain after the reset");
        const verifier = new t.verify.SessionVerifier({ project_id: PROJECT.project_id, jwks, ...pinned, isolated, fetch: offline });
        await verifier.loadKeys();
        same((await verifier.authenticateJwtLocal({ session_jwt })).session_id, "session-test-1");
      }
    }
  });

  test("refuses a value of `isolated` that is not a boolean", async (t) => {
    for (const isolated of ["yes", 1, null, {}]) {
      same((await failure(() => t.consumer({ isolated }))).message, 'invalid_argument: "isolated" in config must be a boolean');
    }
  });
};

function fail() {
  throw new Error("the test must not send a request");
}
