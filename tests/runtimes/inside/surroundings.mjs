// The package in a runtime whose built-in objects were changed before, and after its first call exhausted the stack.

import { mode } from "./surroundings-before.mjs";
import * as stytch from "stytch-edge";
import { makeSigner } from "../../conformance/signer.js";

const PROJECT = { project_id: "project-test-surroundings", secret: "secret-test-surroundings" };

/** What the package does, in comparable words. */
export async function outcomes() {
  const { jwk, sign } = await makeSigner();
  const now = Math.floor(Date.now() / 1000);
  const token = (claims) => {
    const registered = { aud: [PROJECT.project_id], iss: `stytch.com/${PROJECT.project_id}`, iat: now - 60, exp: now + 300 };
    const session = { "https://stytch.com/session": { id: "session-test-1" } };
    return sign(JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid }), JSON.stringify({ ...registered, ...session, ...claims }));
  };
  const [valid, expired] = [await token({}), await token({ exp: now - 600 })];
  const sent = [];
  const fetch = async (url) => {
    const { origin, pathname } = new URL(url);
    sent.push(`${origin}${pathname}`);
    const isKeySet = pathname.includes("jwks");
    const answer = isKeySet ? { keys: [jwk] } : { status_code: 404, error_type: "session_not_found", error_message: "none", request_id: "r" };
    return new Response(JSON.stringify(answer), { status: isKeySet ? 200 : 404 });
  };
  const client = new stytch.Client({ ...PROJECT, fetch, isolated: true, token_cache: { max_entries: 0 } });
  const bearer = (text) => ({ headers: { authorization: `Bearer ${text}` } });
  await client.loadKeys();
  const next = mode === "exhausted stack" ? await exhausted(client, valid) : [];
  const verdict = async (text, options) => {
    const { status, reason } = await client.authenticateRequest(bearer(text), options);
    return `${status} ${reason ?? ""}`;
  };
  const error = async (call) => {
    try {
      await call();
      return "none";
    } catch (thrown) {
      const names = ["StytchError", "RequestError", "ClientError"].filter((name) => thrown instanceof stytch[name]);
      return [...names, thrown.name, thrown.code, thrown.reason, thrown.error_type, Object.keys(thrown).includes("name"), `${thrown}`.split(":")[0]].join();
    }
  };
  return [
    ...next,
    await verdict(valid),
    await verdict(expired, { remote_fallback: "never" }),
    await verdict(valid, { required_claims: { plan: "gold" } }),
    await error(() => client.sessions.authenticateJwtLocal({ session_jwt: "a" })),
    await error(() => client.sessions.authenticateJwtLocalSync({ session_jwt: expired })),
    await error(() => client.debug.whoami()),
    await error(() => client.authenticateRequest(bearer(valid), { unlisted: 1 })),
    await error(() => new stytch.Client({})),
    await error(() => new stytch.Client({ ...PROJECT, fetch: async () => Promise.reject(new TypeError("none")), isolated: true }).debug.whoami()),
    [...client.sessionHeaders({ session_jwt: "a", session_token: "b" })].length,
    [...new Set(sent)].join(),
  ];
}

/** The outcomes of `outcomes`, in every mode. */
export const EXPECTED = [
  "authenticated ",
  "unauthenticated expired",
  "forbidden claim_mismatch",
  "ClientError,ClientError,jwt_invalid,malformed,,false,ClientError",
  "ClientError,ClientError,jwt_invalid,expired,,false,ClientError",
  "StytchError,StytchError,,,session_not_found,false,StytchError",
  "ClientError,ClientError,invalid_argument,,,false,ClientError",
  "ClientError,ClientError,invalid_argument,,,false,ClientError",
  "RequestError,RequestError,,unknown,,false,RequestError",
  3,
  "https://test.stytch.com/v1/sessions/jwks/project-test-surroundings,https://test.stytch.com/v1/debug/whoami",
];

/**
 * Makes calls with more and more of the stack left, until they return. Returns the verdicts after them that are not
 * `authenticated`. The first calls must fail: otherwise the stack was not exhausted.
 */
async function exhausted(client, session_jwt) {
  const wrong = new Set();
  let [failed, passed, result] = [0, 0];
  const step = () => (result = client.sessions.authenticateJwtLocalSync({ session_jwt }));
  // A function that has not been called yet needs much of the stack, because the runtime compiles it then.
  for (let calls = 0; calls < 20; calls += 1) step();
  for (let frames = 1; passed < 50 && frames < 5_000; frames += 1) {
    result = undefined;
    nearTheEnd(frames, step);
    if (result) passed += 1;
    else [failed, passed] = [failed + 1, 0];
    const { status, reason } = await client.authenticateRequest({ headers: { authorization: `Bearer ${session_jwt}` } });
    if (status !== "authenticated") wrong.add(`next verdict: ${status} ${reason}`);
  }
  return [...wrong, ...(failed > 0 && passed > 0 ? [] : ["the stack was not exhausted"])];
}

/** Exhausts the stack, leaves `frames` of its frames, and calls `step` there. An error of `step` ends there as well. */
function nearTheEnd(frames, step) {
  let left = frames;
  const deeper = () => {
    try {
      deeper();
    } catch {
      // A RangeError.
    }
    left -= 1;
    if (left === 0) step();
  };
  deeper();
}
