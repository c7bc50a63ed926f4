// Every method sends the same request as npm stytch for the same arguments, or the difference
// is listed.

import { deepSame, ok } from "../../conformance/assert.js";
import { calls } from "./awkward.mjs";
import { answering, outcome } from "./captured.mjs";
import { REQUEST_DIFFERENCES } from "./differences.mjs";

/** A response that every method accepts. */
const answerFor = ({ client }) =>
  answering({
    status_code: 200,
    ...{ active: true, client_id: "connected-app-test-1", scope: "a b", token_type: "access_token" },
    ...{ sub: "user-test-1", aud: ["project-test-1"], iss: "stytch.com", exp: 3, iat: 1, nbf: 2 },
    ...(client === "B2BClient" && {
      "https://stytch.com/organization": { organization_id: "a-organization_id", slug: "one" },
    }),
    results: [],
    results_metadata: { total: 0 },
    policy: { roles: [], scopes: [], resources: [] },
  });

/** The tests by name: one per row of samples.mjs, and one per listed difference. */
export function requestTests(official, ours, offers) {
  const tests = {};
  let project = 0;
  const seen = new Map(REQUEST_DIFFERENCES.map(({ name }) => [name, 0]));
  for (const offer of offers) {
    tests[`${offer.name} sends the same requests as npm stytch`] = async () => {
      for (const [what, values] of calls(offer)) await compare(offer, what, values);
    };
  }
  for (const [name] of seen) {
    tests[`listed difference: ${name}`] = () => ok(seen.get(name) > 0, "the difference occurs");
  }
  return tests;

  async function compare(row, what, values) {
    project += 1;
    const offer = { ...row, project };
    const answer = answerFor(offer);
    const theirsFor = async (values) => plain(await outcome(official, offer, values, answer));
    const theirs = await theirsFor(values);
    const mine = plain(await outcome(ours, offer, values, answer));
    const call = { ...offer, values, theirs, theirsFor };
    const difference = REQUEST_DIFFERENCES.find(({ applies }) => applies(call));
    if (!difference) return deepSame(mine, theirs, `with ${what}`);
    seen.set(difference.name, seen.get(difference.name) + 1);
    deepSame(mine, await difference.expected(call), `with ${what}, where ${difference.name}`);
    ok(!agree(mine, theirs), `with ${what}, the request differs: ${difference.name}`);
  }
}

/** The comparable part of an outcome. For an error, that is its class and its code. */
function plain({ sent, result, error }) {
  if (!error) return { sent, result };
  // Some error classes of npm stytch do not set `name`.
  const { name } = error.constructor;
  return { sent, error: name === "ClientError" ? { name, code: error.code } : { name } };
}

function agree(mine, theirs) {
  try {
    deepSame(mine, theirs);
    return true;
  } catch {
    return false;
  }
}
