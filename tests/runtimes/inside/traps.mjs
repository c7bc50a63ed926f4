// What becomes of calls whose wasm traps in the middle: at its first steps, at its
// last, and at some between. Runs where `trapping.mjs` was imported first.

import { ok, same } from "../../conformance/assert.js";
import { makeSigner } from "../../conformance/signer.js";

const PROJECT = { project_id: "project-test-traps", secret: "none" };

/** Tests by name, of a package whose wasm tells its steps. */
export async function trapTests(stytch, trapping) {
  const signer = await makeSigner();
  // What has been seen is known: the calls have a token of their own.
  const [known, unseen] = [await tokenBy(signer, 300), await tokenBy(signer, 301)];
  const answer = JSON.stringify({ keys: [signer.jwk], status_code: 200, request_id: "r" });
  const config = () => ({ ...PROJECT, fetch: async () => new Response(answer) });
  const check = (session_jwt, more) =>
    new stytch.Client({ ...config(), ...more }).sessions.authenticateJwtLocal({ session_jwt });
  const works = async () => same((await check(known)).session_id, SESSION_ID, "session_id");

  const calls = {
    "a check whose keys are there": () => check(unseen),
    "a check that fetches its keys": () => {
      fresh += 1;
      return check(unseen, { custom_base_url: `https://fresh.example/${fresh}` });
    },
    "a call of the API": () => new stytch.Client(config()).debug.whoami(),
  };
  // As every trapped call begins: on an instance that has done one check.
  const begin = async (call) => {
    await trapping.trappedAt(1, call);
    await works();
  };
  const tests = {};
  for (const [name, call] of Object.entries(calls)) {
    tests[`${name} fails as internal wherever the wasm traps, and the next one works`] = async () => {
      await begin(call);
      const most = await trapping.stepsOf(call);
      await begin(call);
      const numbers = spread(most);
      ok(numbers.length > 60, `${numbers.length} traps are enough`);
      for (const number of numbers) {
        const before = trapping.instanceCount();
        const error = await trapping.trappedAt(number, call);
        same(error?.code, "internal", `step ${number} of ${most}, which ends with ${error}: its code`);
        ok(error instanceof stytch.ClientError, "it is a ClientError");
        same(trapping.instanceCount(), before + 1, "instances");
        await works();
      }
    };
  }
  return tests;
}

/** As long as each other, so that each takes as many steps. */
let fresh = 1_000;

/** The first and the last numbers up to `most`, and some between. */
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
