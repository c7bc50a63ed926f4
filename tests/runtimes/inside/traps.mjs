// Calls whose wasm traps: at the first steps, at the last steps, and at some in between.
// `trapping.mjs` must be imported first.

import { ok, same } from "../../conformance/assert.js";
import { makeSigner } from "../../conformance/signer.js";

const PROJECT = { project_id: "project-test-traps", secret: "none" };

/** The tests by name, for a package whose wasm reports its steps. */
export async function trapTests(stytch, trapping) {
  const signer = await makeSigner();
  // Verified tokens are remembered, so the trapped calls use another token.
  const [known, unseen] = [await tokenBy(signer, 300), await tokenBy(signer, 301)];
  const answer = JSON.stringify({ keys: [signer.jwk], status_code: 200, request_id: "r" });
  const config = () => ({ ...PROJECT, fetch: async () => new Response(answer) });
  const check = (session_jwt, more) =>
    new stytch.Client({ ...config(), ...more }).sessions.authenticateJwtLocal({ session_jwt });
  const works = async () => same((await check(known)).session_id, SESSION_ID, "session_id");

  const calls = {
    "a check with loaded keys": () => check(unseen),
    "a check that fetches its keys": () => {
      fresh += 1;
      return check(unseen, { custom_base_url: `https://fresh.example/${fresh}` });
    },
    "a call of the API": () => new stytch.Client(config()).debug.whoami(),
  };
  // Every trapped call starts on an instance that has done one check.
  const begin = async (call) => {
    await trapping.trappedAt(1, call);
    await works();
  };
  const tests = {};
  for (const [name, call] of Object.entries(calls)) {
    tests[`${name} fails with "internal" at every trap, and the next call succeeds`] = async () => {
      await begin(call);
      const most = await trapping.stepsOf(call);
      await begin(call);
      const numbers = spread(most);
      ok(numbers.length > 60, `expected more than 60 traps, found ${numbers.length}`);
      for (const number of numbers) {
        const before = trapping.instanceCount();
        const error = await trapping.trappedAt(number, call);
        same(error?.code, "internal", `step ${number} of ${most}, which ends with ${error}: its code`);
        ok(error instanceof stytch.ClientError, "the error is a ClientError");
        same(trapping.instanceCount(), before + 1, "instances");
        await works();
      }
    };
  }
  return tests;
}

/** All numbers have the same length, so that every call has the same number of steps. */
let fresh = 1_000;

/** The first and the last numbers up to `most`, and some in between. */
function spread(most) {
  const all = Array.from({ length: most }, (_, at) => at + 1);
  const gap = Math.ceil(most / EDGE);
  return all.filter((number) => number <= EDGE || number > most - EDGE || number % gap === 0);
}

function tokenBy({ sign, jwk }, seconds) {
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const claims = {
    iss: `stytch.com/${PROJECT.project_id}`,
    aud: [PROJECT.project_id],
    exp,
    "https://stytch.com/session": { id: SESSION_ID },
  };
  return sign(JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid }), JSON.stringify(claims));
}

const SESSION_ID = "session-test-traps";
const EDGE = 40;
