// Options and arguments with misleading reflection, such as proxies. A lost option would omit a check.

import { deepSame, failure, same } from "./assert.js";
import { answering, makeSigner } from "./signer.js";

/** A client whose keys are available, and a session JWT, an M2M token and an app's token of its project. */
async function ready(t, more) {
  const { jwk, sign } = await makeSigner();
  const fetch = answering(JSON.stringify({ keys: [jwk] }));
  const client = t.consumer({ ...t.fresh(), ...more, fetch });
  await client.loadKeys();
  const { project_id } = t.emulator.consumer;
  const registered = { aud: [project_id], iss: `stytch.com/${project_id}`, exp: Math.floor(Date.now() / 1000) + 300 };
  const header = JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid });
  const token = (claims) => sign(header, JSON.stringify({ ...registered, ...claims }));
  return {
    client,
    session: bearer(await token({ "https://stytch.com/session": { id: "session-test-1" } })),
    machine: bearer(await token({ sub: "m2m-client-test-1", scope: "read:a" })),
    app: bearer(await token({ sub: "user-test-1", client_id: "connected-app-test-1", scope: "read:a" })),
  };
}

const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });

/** A proxy that returns properties, and does not list them. */
const answeringProxy = (values) => new Proxy({}, { get: (_, name) => values[name] });

/** A proxy that reports no own properties. */
const hidingProxy = (values) => new Proxy(values, { getOwnPropertyDescriptor: () => undefined, ownKeys: () => [] });

/** A proxy without a prototype that reports every name as its own, as unenv's `process.env` does. */
const owningProxy = (values) =>
  new Proxy(Object.create(null), {
    get: (_, name) => values[name],
    getOwnPropertyDescriptor: (_, name) => ({ value: values[name], configurable: true, enumerable: true, writable: true }),
  });

/** Options whose prototype resembles Object.prototype. */
const ofOtherRoot = (values) => Object.create(Object.assign(Object.create(null), { hasOwnProperty: () => false }, values));

export default (test) => {
  test("names the method and the type of an argument that it does not accept, and not the value", async (t) => {
    const client = t.consumer();
    const request = { headers: {} };
    const value = "a-value-that-may-be-secret";
    for (const [call, expected] of [
      [() => client.users.create(value), "the first argument of POST /v1/users must be an object, but is of type string"],
      [() => client.users.create([value]), "the first argument of POST /v1/users must be an object, but is of type Array"],
      [() => client.idp.introspectTokenNetwork(value), "the first argument of idp.introspectTokenNetwork must be an object, but is of type string"],
      [() => client.authenticateRequest(request, new Map()), "the options of authenticateRequest must be an object, but are of type Map"],
      [() => client.m2m.authenticateRequest(request, value), "the options of m2m.authenticateRequest must be an object, but are of type string"],
      [() => client.authenticateRequest(request, { of_no_method: value }), 'unknown option "of_no_method" of authenticateRequest'],
      [() => client.authenticateRequest(new Map()), "the request is of type Map, and its headers are of type undefined"],
      [() => client.authenticateRequest(value), "the request is of type string, and its headers are of type undefined"],
      [() => client.authenticateRequest({ headers: Promise.resolve({}) }), "its headers are of type Promise"],
      [() => new t.stytch.Client(value), "the configuration must be an object with project_id and secret, but is of type string"],
    ]) {
      const error = await failure(async () => call(), expected);
      same(error.code, "invalid_argument", expected);
      same(error.message.includes(expected), true, error.message);
      same(error.message.includes(value), false, error.message);
    }
  });

  test("refuses null as a list of scopes or audiences", async (t) => {
    const { client, machine, app } = await ready(t);
    for (const [its, request] of [[client.m2m, machine], [client.idp, app]]) {
      same((await its.authenticateRequest(request)).status, "authenticated");
      for (const name of ["required_scopes", "audience"]) {
        const error = await failure(() => its.authenticateRequest(request, { [name]: null }));
        same(error.code, "invalid_argument", name);
        same(error.message.includes(name), true, error.message);
      }
    }
  });

  test("reads options from proxies and unusual prototypes", async (t) => {
    const { client, machine, app, session } = await ready(t);
    for (const made of [answeringProxy, hidingProxy, owningProxy, ofOtherRoot]) {
      for (const [its, request] of [[client.m2m, machine], [client.idp, app]]) {
        for (const [options, expected] of [
          [{ required_scopes: ["write:a"] }, "missing_scopes"],
          [{ audience: "https://another.example.com" }, "wrong_audience"],
        ]) {
          const { reason } = await its.authenticateRequest(request, made(options));
          same(reason, expected, `${made.name}: ${JSON.stringify(options)}`);
        }
      }
      const claims = { required_claims: { role: "admin" } };
      same((await client.authenticateRequest(session, made(claims))).reason, "claim_mismatch", made.name);
    }
  });

  test("ignores a toJSON on Object.prototype", async (t) => {
    const { client, machine, app } = await ready(t);
    const asked = [[client.m2m, machine], [client.idp, app]];
    for (const toJSON of [() => undefined, () => [], () => ({})]) {
      Object.prototype.toJSON = toJSON;
      try {
        for (const [its, request] of asked) {
          same((await its.authenticateRequest(request, { required_scopes: ["write:a"] })).reason, "missing_scopes");
          same((await its.authenticateRequest(request, { audience: ["https://another.example.com"] })).reason, "wrong_audience");
        }
        const access_token = machine.headers.authorization.slice("Bearer ".length);
        const error = await failure(() => client.m2m.authenticateToken({ access_token, required_scopes: ["write:a"] }));
        same(error.code, "missing_scopes");
      } finally {
        delete Object.prototype.toJSON;
      }
    }
  });

  test("ignores a property `failure` on Object.prototype", async (t) => {
    const { client, session } = await ready(t);
    Object.prototype.failure = { kind: "client", code: "internal", message: "made up" };
    Object.prototype.value = "made up";
    try {
      same((await client.authenticateRequest(session)).status, "authenticated");
      same(await client.loadKeys(), undefined);
    } finally {
      delete Object.prototype.failure;
      delete Object.prototype.value;
    }
  });

  test("rejects only the call whose argument throws", async (t) => {
    const client = t.consumer();
    const before = t.memory.instanceCount();
    const other = client.debug.whoami();
    const thrower = () => {
      throw new Error("the caller's error");
    };
    for (const data of [
      new Proxy({ user_id: "user-test-1" }, { getOwnPropertyDescriptor: thrower }),
      new Proxy({ user_id: "user-test-1" }, { get: thrower }),
      new Proxy({ user_id: "user-test-1" }, { ownKeys: thrower }),
      new Proxy({ user_id: "user-test-1" }, { getPrototypeOf: thrower }),
    ]) {
      await client.users.get(data).catch(() => {});
      await client.users.search(data).catch(() => {});
    }
    same((await other).status_code, 200);
    same(t.memory.instanceCount(), before, "instances");
  });

  test("rejects only the call whose fetch returns a promise that throws", async (t) => {
    const before = t.memory.instanceCount();
    const promise = Promise.resolve(new Response("{}"));
    Object.defineProperty(promise, "constructor", {
      get() {
        throw new TypeError("the caller's error");
      },
    });
    const error = await failure(() => t.consumer({ fetch: () => promise }).debug.whoami());
    deepSame([error.name, error.reason], ["RequestError", "unknown"]);
    same(t.memory.instanceCount(), before, "instances");
  });

  test("sends no API request for a verifier, even if a getter's second value would allow one", async (t) => {
    const { project_id } = t.emulator.consumer;
    const asked = [];
    const fetch = async (url) => (asked.push(new URL(url).pathname), new Response(`{"keys":[]}`));
    const verifier = new t.verify.SessionVerifier({ project_id, ...t.fresh(), fetch });
    let reads = 0;
    const options = {
      get remote_fallback() {
        reads += 1;
        return reads === 1 ? "never" : "always";
      },
    };
    for (const cookie of ["stytch_session=a-session-token", "stytch_session_jwt=a.b.c; stytch_session=a-session-token"]) {
      reads = 0;
      await verifier.authenticateRequest({ headers: { cookie } }, options).catch(() => {});
    }
    deepSame(asked.filter((path) => path.includes("authenticate")), []);
  });
};
