// Tokens that the local check refuses, each with the exact reason. Every refusal is a
// ClientError, and the key set is the only request.

import { deepSame, failure, ok, same } from "./assert.js";
import { answering, base64url, makeSigner } from "./signer.js";

const SESSION = "https://stytch.com/session";
const ORGANIZATION = "https://stytch.com/organization";
const now = () => Math.floor(Date.now() / 1000);

/** Changes to the emulator's valid token, and the reason of the refusal. */
const ORDERS = {
  "that is expired": [{ claims: { exp: 1 } }, "expired"],
  "that is not valid yet": [{ claims: { nbf: 32503680000 } }, "not_yet_valid"],
  "for another project": [
    { claims: { aud: ["project-test-00000000-0000-4000-8000-000000000000"] } },
    "wrong_audience",
  ],
  "without an audience": [{ claims: { aud: null } }, "wrong_audience"],
  "from another issuer": [{ claims: { iss: "stytch.com/project-test-other" } }, "wrong_issuer"],
  "without an issuer": [{ claims: { iss: null } }, "wrong_issuer"],
  "that another key signed": [{ key: "stranger" }, "bad_signature"],
  "without a signature": [{ key: "none" }, "wrong_algorithm"],
  "that claims HS256": [{ header: { alg: "HS256" } }, "wrong_algorithm"],
  "that claims RS512": [{ header: { alg: "RS512" } }, "wrong_algorithm"],
  "without an algorithm": [{ header: { alg: null } }, "wrong_algorithm"],
  "of another type": [{ header: { typ: "at+jwt" } }, "wrong_type"],
  "without a type": [{ header: { typ: null } }, "wrong_type"],
  "with a critical extension": [{ header: { crit: ["exp"] } }, "critical_header"],
  "with an unknown kid": [{ header: { kid: "jwk-test-unknown" } }, "unknown_key"],
  "with a kid that is not a string": [{ header: { kid: 7 } }, "invalid_kid"],
  "whose header declares a nested token": [{ header: { cty: "JWT" } }, "invalid_header"],
  "without exp": [{ claims: { exp: null } }, "missing_claim"],
  "whose exp is not a number": [{ claims: { exp: "32503680000" } }, "invalid_exp"],
  "whose nbf is not a number": [{ claims: { nbf: "0" } }, "invalid_nbf"],
  "whose iat is not a number": [{ claims: { iat: "0" } }, "invalid_iat"],
  "whose sub is not a string": [{ claims: { sub: 7 } }, "invalid_claim"],
  "of an M2M client": [
    { claims: { [SESSION]: null, scope: "read:all" } },
    "wrong_token_kind",
  ],
  "of a member": [
    { claims: { [ORGANIZATION]: { organization_id: "organization-test-1", slug: "a" } } },
    "wrong_token_kind",
  ],
  "whose session is not an object": [{ claims: { [SESSION]: "session" } }, "invalid_session"],
  "whose session has no id": [{ claims: { [SESSION]: { id: null } } }, "invalid_session"],
  "whose session has roles that are not a list": [
    { claims: { [SESSION]: { roles: "stytch_admin" } } },
    "invalid_session",
  ],
  "whose session has an invalid expires_at": [{ claims: { [SESSION]: { expires_at: "soon" } } }, "invalid_session"],
  "of seventeen kibibytes": [{ claims: { filler: "x".repeat(17 * 1024) } }, "too_long"],
};

/** Values that are not a token. */
const NO_TOKENS = [
  ["no_credentials", [undefined, null, ""]],
  [
    "malformed",
    ["garbage", ".", "..", "a..c", "\0", " ", 42, true, {}, [], () => {}, Symbol("token"), 1n],
  ],
  ["invalid_base64url", ["a.b.c", "é.é.é"]],
  ["invalid_json", [`${base64url("[]")}.b.c`]],
  ["too_long", ["x".repeat(16 * 1024 + 1)]],
];

export default (test) => {
  for (const [which, [order, reason]] of Object.entries(ORDERS)) {
    test(`refuses a token ${which}`, async (t) => {
      const session_jwt = await t.emulator.token(order);
      await refuses(t, t.consumer(t.fresh()), { session_jwt }, reason);
    });
  }

  test("refuses values that are not a token, without a request", async (t) => {
    const { sessions } = t.consumer(t.fresh());
    const calls = await t.emulator.callsDuring(async () => {
      for (const [reason, values] of NO_TOKENS) {
        for (const session_jwt of values)
          await refused(t, () => sessions.authenticateJwtLocal({ session_jwt }), reason);
      }
      for (const params of [undefined, null, {}]) {
        await refused(t, () => sessions.authenticateJwtLocal(params), "no_credentials");
      }
    });
    deepSame(calls, []);
  });

  test("refuses a user's token with a B2B client, and a member's token with a consumer client", async (t) => {
    const [user, member] = [await t.logIn(), await t.logInMember()];
    for (const [client, { session_jwt }] of [
      [t.b2b(), user],
      [t.consumer(), member],
    ]) {
      const error = await failure(() => client.sessions.authenticateJwtLocal({ session_jwt }));
      same(error.code, "jwt_invalid");
    }
    const { project_id } = t.emulator.b2b;
    const claims = { aud: [project_id], iss: `stytch.com/${project_id}`, [ORGANIZATION]: null };
    const session_jwt = await t.emulator.token({ product: "b2b", claims });
    await refuses(t, t.b2b(t.fresh()), { session_jwt }, "wrong_token_kind", "b2b");
  });

  test("refuses a valid token whose payload or signature was changed", async (t) => {
    const { session_jwt } = await t.logIn();
    const [header, payload, signature] = session_jwt.split(".");
    const changed = (part, at) => part.slice(0, at) + (part[at] === "A" ? "B" : "A") + part.slice(at + 1);
    const { sessions } = t.consumer();
    for (const at of [0, 10, payload.length - 5]) {
      const forged = `${header}.${changed(payload, at)}.${signature}`;
      await refused(t, () => sessions.authenticateJwtLocal({ session_jwt: forged }), "bad_signature");
    }
    for (const at of [0, 100, signature.length - 3]) {
      const forged = `${header}.${payload}.${changed(signature, at)}`;
      await refused(t, () => sessions.authenticateJwtLocal({ session_jwt: forged }), "bad_signature");
    }
    for (const forged of [signature.slice(0, -4), `${signature}AAAA`, base64url("")]) {
      const session_jwt = `${header}.${payload}.${forged}`;
      const error = await failure(() => sessions.authenticateJwtLocal({ session_jwt }));
      same(error.code, "jwt_invalid");
    }
  });

  test("refuses a valid token with white space, padding or a fourth part", async (t) => {
    const { session_jwt } = await t.logIn();
    const { sessions } = t.consumer();
    const odd = {
      invalid_base64url: [` ${session_jwt}`, `${session_jwt}\n`, `${session_jwt}=`],
      malformed: [`${session_jwt}.`, `${session_jwt}.AAAA`],
    };
    for (const [reason, tokens] of Object.entries(odd)) {
      for (const session_jwt of tokens)
        await refused(t, () => sessions.authenticateJwtLocal({ session_jwt }), reason);
    }
  });

  test("refuses a token with duplicate fields and a valid signature", async (t) => {
    const { jwk, sign } = await makeSigner();
    const fetch = answering(JSON.stringify({ keys: [jwk] }));
    const { sessions } = t.consumer({ ...t.fresh(), fetch });
    const header = `{"alg":"RS256","typ":"JWT","kid":"${jwk.kid}"}`;
    const { project_id } = t.emulator.consumer;
    const claims =
      `"aud":["${project_id}"],"iss":"stytch.com/${project_id}","sub":"user-test-1",` +
      `"${SESSION}":{"id":"session-test-1"},"exp":${now() + 300}`;
    const good = { session_jwt: await sign(header, `{${claims}}`) };
    same((await sessions.authenticateJwtLocal(good)).session_id, "session-test-1");
    const twice = "duplicate_member";
    const odd = [
      [twice, header, `{${claims},"exp":1}`],
      [twice, header, `{"\\u0065xp":1,${claims}}`],
      [twice, header, `{${claims},"aud":["another"]}`],
      [twice, header, `{${claims},"${SESSION}":{"id":"session-test-2"}}`],
      [twice, header.replace("{", '{"alg":"none",'), `{${claims}}`],
      [twice, header.replace("{", '{"kid":"another",'), `{${claims}}`],
      ["invalid_json", `\ufeff${header}`, `{${claims}}`],
      ["invalid_json", header, `\ufeff{${claims}}`],
      ["invalid_json", header, `{${claims}}x`],
      ["invalid_json", header, `[{${claims}}]`],
    ];
    for (const [reason, head, payload] of odd) {
      const session_jwt = await sign(head, payload);
      await refused(t, () => sessions.authenticateJwtLocal({ session_jwt }), reason, payload);
    }
    same(fetch.count, 1, "fetches of the key set");
  });
};

/** Asserts that the check is refused, and that the key set is the only request, without credentials. */
async function refuses(t, client, params, reason, product = "consumer") {
  const calls = await t.emulator.callsDuring(() =>
    refused(t, () => client.sessions.authenticateJwtLocal(params), reason),
  );
  const keySet = `GET ${t.emulator.keySetPath(product)} 200 none`;
  deepSame(calls, BEFORE_KEYS.includes(reason) ? [] : [keySet], "calls to the API");
}

/** Reasons of refusals that precede the search for a key. */
const BEFORE_KEYS = [
  "no_credentials",
  "malformed",
  "too_long",
  "wrong_algorithm",
  "wrong_type",
  "critical_header",
  "invalid_header",
  "invalid_kid",
];

async function refused(t, call, reason, what = "the check") {
  const error = await failure(call, what);
  ok(error instanceof t.stytch.ClientError, `${what}: expected a ClientError, found ${error}`);
  same(error.code, "jwt_invalid", what);
  same(error.reason, reason, what);
}
