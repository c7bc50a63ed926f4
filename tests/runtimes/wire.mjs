// The wire: every method sends what npm stytch 14.2.0 sends for the same arguments, and
// makes of each answer what npm stytch makes of it. Both are driven over a captured
// fetch; nothing leaves this process.

import { fileURLToPath } from "node:url";

import official from "stytch";
import * as ours from "stytch-edge";

import { same } from "../conformance/assert.js";
import { ANSWER_DIFFERENCES, answerTests } from "./inside/answers.mjs";
import { REQUEST_DIFFERENCES } from "./inside/differences.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { requestTests } from "./inside/requests.mjs";
import { sampledOffers } from "./inside/samples.mjs";

/** Methods that this package does not have yet, or not with all of their options. */
const NOT_YET = /(m2m.token|authenticateToken|introspectToken\w+|searchAll|authenticateJwt\w*)$/;

const sampled = sampledOffers(fileURLToPath(new URL("wire.ts", import.meta.url)));
const offers = sampled.filter(({ name }) => !NOT_YET.test(name));
const tests = {
  "196 operations are driven, as each of the 222 methods that offer them": () => {
    same(new Set(sampled.map(({ id }) => id)).size, 196);
    same(sampled.length, 222);
  },
  ...requestTests(official, ours, offers),
  ...answerTests(
    official,
    ours,
    offers.filter(({ operation }) => operation.http),
  ),
};
const listed = REQUEST_DIFFERENCES.length + Object.keys(ANSWER_DIFFERENCES).length;
report(await runOwn(tests), 1 + 2 * offers.length + listed);
