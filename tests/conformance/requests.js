// The accepted forms of a request: the Request of Fetch, requests of Node's servers, and objects
// whose headers are an object or a Map. verdicts.js tests the credentials and the verdicts.

import { deepSame, failure, same } from "./assert.js";

/** The same two headers in every form that a runtime or a framework uses. */
const FORMS = {
  "a Headers object": (authorization, cookie) => new Headers(given({ authorization, cookie })),
  "an object with get": (authorization, cookie) => {
    const headers = new Map(Object.entries(given({ authorization, cookie })));
    return { get: (name) => headers.get(name.toLowerCase()) ?? null };
  },
  "an object with get that returns undefined": (authorization, cookie) => {
    const headers = new Map(Object.entries(given({ authorization, cookie })));
    return { get: (name) => headers.get(name.toLowerCase()) };
  },
  "an object with Node's lower-case names": (authorization, cookie) => ({ host: "example.com", authorization, cookie }),
  "an object without a prototype, as in node:http2": (authorization, cookie) =>
    Object.assign(Object.create(null), {
      ":method": "GET",
      ":path": "/",
      authorization,
      cookie,
      [Symbol("http2.sensitiveHeaders")]: ["authorization", "cookie"],
    }),
  "an object with capitalized names": (Authorization, Cookie) => ({ Host: "example.com", Authorization, Cookie }),
  "an object with upper-case names": (AUTHORIZATION, COOKIE) => given({ AUTHORIZATION, COOKIE }),
  "an object with lists of values": (authorization, cookie) => given({ authorization: authorization && [authorization], cookie: cookie && [cookie] }),
  "a Map": (Authorization, cookie) => new Map(Object.entries(given({ Authorization, cookie }))),
  "an instance of a subclass of Map": (Authorization, cookie) =>
    new (class extends Map {
      get [Symbol.toStringTag]() {
        return "Own";
      }
    })(Object.entries(given({ Authorization, cookie }))),
  "an object with undefined and null values": (authorization, cookie) => ({ Authorization: undefined, Cookie: null, authorization, cookie }),
  "an object with a header named get": (authorization, cookie) => ({ get: "a header", authorization, cookie }),
};

export default (test) => {
  for (const [form, headersOf] of Object.entries(FORMS)) {
    test(`authenticates a request whose headers are ${form}`, async (t) => {
      const { session_jwt, session_token } = await t.logIn();
      const verdict = async (authorization, cookie, options) => {
        const { status, via, reason } = await t.consumer().authenticateRequest({ headers: headersOf(authorization, cookie) }, options);
        return `${status} ${via ?? reason}`;
      };
      same(await verdict(`Bearer ${session_jwt}`), "authenticated local");
      same(await verdict(undefined, `a=b; stytch_session_jwt=${session_jwt}`), "authenticated cache");
      same(await verdict(undefined, `stytch_session=${session_token}; c=d`), "authenticated remote");
      same(await verdict("Bearer junk", `stytch_session_jwt=${session_jwt}`), "unauthenticated malformed");
      same(await verdict(undefined, undefined), "unauthenticated no_credentials");
    });
  }

  test("combines a repeated header as HTTP does", async (t) => {
    const { session_jwt } = await t.logIn();
    const verdict = async (headers) => {
      const { status, reason } = await t.consumer().authenticateRequest({ headers });
      return reason ?? status;
    };
    const jwt = `stytch_session_jwt=${session_jwt}`;
    same(await verdict({ cookie: ["a=b", jwt] }), "authenticated");
    same(await verdict({ cookie: [jwt, `stytch_session_jwt=junk`] }), "authenticated", "the first cookie of a name counts");
    same(await verdict({ cookie: "a=b", Cookie: jwt }), "authenticated");
    same(await verdict({ authorization: [`Bearer ${session_jwt}`, `Bearer ${session_jwt}`] }), "malformed");
    same(await verdict({ authorization: [], cookie: [] }), "no_credentials");
  });

  // A header that was sent must not be treated as absent.
  test("throws for headers of an unsupported form", async (t) => {
    const headers = [
      { authorization: 5 },
      { cookie: {} },
      { authorization: ["Bearer a", 5] },
      { get: () => 5 },
      { get: () => Promise.resolve("Bearer a") },
      new Map([["Cookie", { stytch_session: "a" }]]),
      ["Cookie", "stytch_session=a"],
      [["Cookie", "stytch_session=a"]],
      new Set([["Cookie", "stytch_session=a"]]),
      new Headers({ "x-cookie": "a" }).entries(),
      Promise.resolve(new Headers({ authorization: "Bearer a" })),
      Object.create({ authorization: "Bearer a" }),
      new (class {
        get authorization() {
          return "Bearer a";
        }
      })(),
    ];
    for (const [number, each] of headers.entries()) {
      for (const client of [t.consumer(), new t.verify.SessionVerifier({ project_id: t.config().project_id })]) {
        const error = await failure(() => client.authenticateRequest({ headers: each }), `headers ${number}`);
        deepSame([error.code, /authenticateRequest/.test(error.message)], ["invalid_argument", true], String(error));
      }
    }
    const error = await failure(() => t.consumer().idp.authenticateRequest({ headers: { authorization: 5 } }));
    same(error.message, "invalid_argument: idp.authenticateRequest: the header Authorization must be a string or a list of strings");
  });

  test("reads a service's access token from a request of Node", async (t) => {
    const { idp, m2m } = t.consumer();
    for (const client of [idp, m2m]) {
      const { reason, http_status } = await client.authenticateRequest({ headers: { authorization: "Bearer junk" } });
      deepSame([reason, http_status], ["malformed", 401]);
      same((await client.authenticateRequest({ headers: {} })).reason, "no_credentials");
    }
  });
};

/** The fields whose value is not undefined. */
function given(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
