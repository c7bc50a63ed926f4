// `authenticateRequest` with `accepts`: every kind of token against every set of accepted kinds, in the header and in a
// cookie. The keys of the client's own project sign every token, unless a test is about another key.

import { deepSame, failure, ok, same } from "./assert.js";
import { both } from "./credentials.js";

const SESSION = "https://stytch.com/session";
const ORGANIZATION = "https://stytch.com/organization";
const SERVICE = "https://reports.example.com";

const organization = { organization_id: "organization-test-1", slug: "acme" };
const app = { sub: "app-user", client_id: "connected-app-test-1", scope: "read:notes", [SESSION]: null };

/** The claims of each kind of token of a product. */
const tokensOf = (product) => {
  const owner = { [ORGANIZATION]: product === "b2b" ? organization : null };
  return {
    session: { [SESSION]: { id: "session-test-1" }, ...owner },
    m2m: { sub: "m2m-client-test-1", scope: "read:reports", [SESSION]: null, [ORGANIZATION]: null },
    connected_app: { ...app, ...owner },
  };
};

const KINDS = ["session", "m2m", "connected_app"];

/** The seven sets of at least one kind. */
const SETS = [1, 2, 3, 4, 5, 6, 7].map((bits) => KINDS.filter((_, bit) => bits & (1 << bit)));

const accepting = (kinds) => ({ accepts: Object.fromEntries(kinds.map((kind) => [kind, {}])) });

const inHeader = (token) => new Request(SERVICE, { headers: { Authorization: `Bearer ${token}` } });

const inCookie = (token) => ({ headers: { cookie: `stytch_session_jwt=${token}` } });

const challengeOf = ({ headers }) => headers.get("WWW-Authenticate");

const PRODUCTS = {
  consumer: { session: "session", id: "user_id", logIn: (t) => t.logIn() },
  b2b: { session: "member_session", id: "member_id", logIn: (t) => t.logInMember() },
};

/** A client with the key set, and one token of each kind with these claims in addition. */
async function prepared(t, product, more = {}, key = "current") {
  const client = t[product]();
  await client.loadKeys();
  const tokens = {};
  for (const [kind, claims] of Object.entries(tokensOf(product))) tokens[kind] = await t.emulator.token({ product, key, claims: { ...claims, ...more } });
  return { client, tokens };
}

/** The outcomes of every token in every set, and the calls of the API. */
async function everyToken(t, { client, tokens }, requestWith) {
  const outcomes = [];
  const calls = await t.emulator.callsDuring(async () => {
    for (const [kind, token] of Object.entries(tokens)) {
      for (const set of SETS) {
        const verdict = await client.authenticateRequest(requestWith(token), accepting(set));
        outcomes.push({ kind, set, verdict, what: `${kind} at ${set}` });
      }
    }
  });
  same(outcomes.length, 21);
  return { outcomes, calls };
}

export default (test) => {
  for (const [product, { session, id, logIn }] of Object.entries(PRODUCTS)) {
    test(`accepts each ${product} token in the header if its kind is accepted`, async (t) => {
      const given = await prepared(t, product);
      const { outcomes, calls } = await everyToken(t, given, inHeader);
      deepSame(calls, []);
      for (const { kind, set, verdict, what } of outcomes) {
        if (!set.includes(kind)) {
          deepSame([verdict.status, verdict.reason], ["unauthenticated", "wrong_token_kind"], what);
          same(challengeOf(verdict), `${set}` === "session" ? null : 'Bearer error="invalid_token"', what);
          continue;
        }
        deepSame([verdict.status, verdict.kind], ["authenticated", kind], what);
        ok(["local", "cache"].includes(verdict.via) && [...verdict.headers].length === 0, what);
        same((await given.client.authenticateRequest(inHeader(given.tokens[kind]), accepting(set))).via, "cache", what);
        if (kind === "session") {
          deepSame(Object.keys(verdict), ["kind", "status", "via", session, "session_jwt", "claims", "headers"]);
          same(typeof verdict[session][id], "string", what);
        } else {
          deepSame(Object.keys(verdict), ["kind", "status", "token", "access_token", "via", "headers"]);
          same(verdict.access_token, given.tokens[kind]);
          const { idp, m2m } = given.client;
          const own = kind === "m2m" ? m2m : idp;
          deepSame(verdict.token, (await own.authenticateRequest(inHeader(given.tokens[kind]))).token);
        }
      }
    });

    test(`accepts only sessions in the cookies of a ${product} request`, async (t) => {
      const given = await prepared(t, product);
      for (const more of [{}, { exp: 1 }]) {
        const { tokens } = await prepared(t, product, more);
        if (more.exp) delete tokens.session;
        for (const [kind, token] of Object.entries(tokens)) {
          for (const set of SETS) {
            const verdict = await given.client.authenticateRequest(inCookie(token), accepting(set));
            const expected = set.includes("session") ? (kind === "session" ? undefined : "wrong_token_kind") : "no_credentials";
            same(verdict.reason, expected, `${kind} at ${set}`);
            same(verdict.kind, expected ? undefined : "session");
            // A cookie is not a Bearer credential, so the challenge has no error code.
            if (expected) same(challengeOf(verdict), `${set}` === "session" ? null : 'Bearer realm="api"');
          }
        }
      }
    });

    test(`refreshes a ${product} session only, and only if its kind is accepted`, async (t) => {
      const expired = await prepared(t, product, { exp: 1 });
      const { outcomes, calls } = await everyToken(t, expired, inHeader);
      for (const { kind, set, verdict, what } of outcomes) {
        const reason = set.includes(kind) ? (kind === "session" ? "session_not_found" : "expired") : "wrong_token_kind";
        deepSame([verdict.status, verdict.reason], ["unauthenticated", reason], what);
      }
      // The API's refusal is remembered.
      same(calls.length, 1);
      const login = await logIn(t);
      await t.later(400, async () => {
        const verdict = await expired.client.authenticateRequest(both(login), accepting(KINDS));
        deepSame([verdict.kind, verdict.via, verdict.headers.getSetCookie().length], ["session", "remote", 2]);
        same(verdict.headers.get("cache-control"), "no-store");
        same((await expired.client.authenticateRequest(both(login), accepting(["m2m"]))).reason, "no_credentials");
      });
    });

    test(`refuses ${product} tokens of another key, project or product without a call`, async (t) => {
      const { client, tokens } = await prepared(t, product);
      const strangers = await prepared(t, product, {}, "stranger");
      const issuer = await prepared(t, product, { iss: "stytch.com/project-test-another" });
      const audience = await prepared(t, product, { aud: ["project-test-another"] });
      const other = await prepared(t, product === "b2b" ? "consumer" : "b2b");
      const calls = await t.emulator.callsDuring(async () => {
        for (const kind of KINDS) {
          const refused = async (token) => {
            const { status, reason } = await client.authenticateRequest(inHeader(token), accepting(KINDS));
            same(status, "unauthenticated", `${kind} ${reason}`);
            return reason;
          };
          same(await refused(strangers.tokens[kind]), "bad_signature");
          same(await refused(issuer.tokens[kind]), "wrong_issuer");
          same(await refused(audience.tokens[kind]), "wrong_audience");
          // A newer key set could contain the key of the other product.
          const pending = await client.authenticateRequest(inHeader(other.tokens[kind]), accepting(KINDS));
          deepSame([pending.status, pending.reason, challengeOf(pending)], ["unavailable", "keys_unavailable", null], kind);
          const forged = tokens[kind].replace(/.{8}$/, "AAAAAAAA");
          for (let time = 0; time < 2; time += 1) same(await refused(forged), "bad_signature");
        }
      });
      deepSame(calls, []);
    });
  }

  test("validates the requirements of the kind of the token, and sends its challenge", async (t) => {
    const { client, tokens } = await prepared(t, "consumer", { aud: [t.emulator.consumer.project_id, SERVICE] });
    const broad = await prepared(t, "consumer");
    const options = {
      accepts: {
        session: { required_claims: { plan: "gold" } },
        m2m: { audience: SERVICE, required_scopes: ["read:reports"], realm: "machines" },
        connected_app: { audience: SERVICE, required_scopes: ["read:notes", "write:notes"], resource_metadata_url: `${SERVICE}/metadata` },
      },
    };
    const ask = async (request) => {
      const verdict = await client.authenticateRequest(request, options);
      return [verdict.reason ?? verdict.kind, challengeOf(verdict)];
    };
    const metadata = `resource_metadata="${SERVICE}/metadata"`;
    const scope = 'scope="read:notes write:notes"';
    deepSame(await ask(inHeader(tokens.session)), ["claim_mismatch", null]);
    deepSame(await ask(inHeader(tokens.m2m)), ["m2m", null]);
    deepSame(await ask(inHeader(broad.tokens.m2m)), ["wrong_audience", 'Bearer realm="machines", error="invalid_token", scope="read:reports"']);
    deepSame(await ask(inHeader(tokens.connected_app)), ["missing_scopes", `Bearer ${metadata}, error="insufficient_scope", ${scope}`]);
    deepSame(await ask(inHeader(broad.tokens.connected_app)), ["wrong_audience", `Bearer ${metadata}, error="invalid_token", ${scope}`]);
    // If the kind is unknown, the challenge is for Connected Apps, which find their authorization server by it.
    deepSame(await ask(inHeader("x")), ["malformed", `Bearer ${metadata}, error="invalid_token", ${scope}`]);
    deepSame(await ask(new Request(SERVICE)), ["no_credentials", `Bearer ${metadata}, ${scope}`]);
    const response = t.stytch.refusal(await client.authenticateRequest(new Request(SERVICE), options));
    deepSame([response.status, response.headers.get("WWW-Authenticate")], [401, `Bearer ${metadata}, ${scope}`]);
  });

  test("does not ask the API about a token of unknown kind, and reports an outage of the keys", async (t) => {
    const { tokens } = await prepared(t, "consumer");
    const fail = async () => new Response("", { status: 500 });
    const client = t.consumer({ ...t.fresh(), fetch: fail, retries: 0 });
    for (const kind of KINDS) {
      const options = { accepts: { session: { remote_fallback: "always" }, m2m: {} } };
      const { headers, ...verdict } = await client.authenticateRequest(inHeader(tokens[kind]), options);
      deepSame(verdict, { status: "unavailable", reason: "keys_unavailable" });
      deepSame([...headers], []);
    }
  });

  test("has the API introspect the token of a Connected App if its options say so", async (t) => {
    const { client, tokens } = await prepared(t, "consumer");
    const options = { accepts: { session: {}, connected_app: { introspect: "always" } } };
    const calls = await t.emulator.callsDuring(() => client.authenticateRequest(inHeader(tokens.connected_app), options));
    deepSame(calls.length, 1);
    ok(calls[0].includes("/oauth2/introspect"), calls[0]);
  });

  test("refuses unknown kinds, unknown options of a kind, and options in the wrong place", async (t) => {
    const client = t.consumer();
    const refusals = [
      [{ accepts: {} }, "accepts must name at least one kind of token: session, m2m or connected_app"],
      [{ accepts: { m2m: undefined } }, "accepts must name at least one kind of token: session, m2m or connected_app"],
      [{ accepts: { machine: {} } }, 'unknown option "machine" of accepts'],
      [{ accepts: undefined }, "the options of accepts must be an object, but are of type string"],
      [{ accepts: ["m2m"] }, "the options of accepts must be an object, but are of type Array"],
      [{ accepts: { m2m: true } }, "the options of accepts.m2m must be an object, but are of type boolean"],
      [{ accepts: { m2m: { required_scope: [] } } }, 'unknown option "required_scope" of accepts.m2m'],
      [{ accepts: { m2m: { authorization_check: {} } } }, 'unknown option "authorization_check" of accepts.m2m'],
      [{ accepts: { session: { audience: SERVICE } } }, 'unknown option "audience" of accepts.session'],
      [{ accepts: { session: { timeout: 5 } } }, 'unknown option "timeout" of accepts.session'],
      [{ accepts: { session: {} }, required_claims: {} }, 'unknown option "required_claims" of authenticateRequest with accepts'],
      [{ accepts: { session: {}, m2m: { required_scopes: undefined } } }, "in accepts.m2m: required_scopes must be a list of strings"],
      [{ accepts: { session: { max_token_age_seconds: -1 } } }, "in accepts.session: max_token_age_seconds must be a number of at least 0"],
      [{ accepts: { connected_app: { introspect: "maybe" } } }, 'in accepts.connected_app: introspect must be "never" or "always"'],
    ];
    for (const [options, message] of refusals) {
      const error = await failure(() => client.authenticateRequest(new Request(SERVICE), options));
      deepSame([error.code, error.message], ["invalid_argument", `invalid_argument: ${message}`]);
    }
    const verifier = new t.verify.SessionVerifier({ project_id: t.emulator.consumer.project_id, custom_base_url: t.emulator.url });
    const error = await failure(() => verifier.authenticateRequest(new Request(SERVICE), accepting(["m2m"])));
    same(error.message, 'invalid_argument: unknown option "accepts" of authenticateRequest');
  });

  test("calls on_verdict once, and ends with its signal", async (t) => {
    const events = [];
    const client = t.consumer({ on_verdict: ({ duration_ms, project_id, ...event }) => events.push(event) });
    const { tokens } = await prepared(t, "consumer");
    await client.authenticateRequest(inHeader(tokens.m2m), accepting(["session"]));
    deepSame(events, [{ method: "authenticateRequest", status: "unauthenticated", reason: "wrong_token_kind" }]);
    const gone = AbortSignal.abort("gone");
    const reason = await client.authenticateRequest(inHeader(tokens.m2m), { ...accepting(["m2m"]), signal: gone }).catch((thrown) => thrown);
    same(reason, "gone");
  });
};
