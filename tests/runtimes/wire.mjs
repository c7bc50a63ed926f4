// The wire: every method sends what npm stytch 14.2.0 sends for the same arguments,
// makes of each answer what npm stytch makes of it, and decides as it does where it
// decides by itself. Both are driven over a captured fetch or against a server on
// loopback; nothing leaves this machine.

import { fileURLToPath } from "node:url";

import official from "stytch";
import * as ours from "stytch-edge";

import { deepSame, same } from "../conformance/assert.js";
import { ANSWER_DIFFERENCES, answerTests } from "./inside/answers.mjs";
import { REQUEST_DIFFERENCES } from "./inside/differences.mjs";
import { LOCAL_DIFFERENCES } from "./inside/local-differences.mjs";
import { localRows, localTests } from "./inside/local.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { requestTests } from "./inside/requests.mjs";
import { sampledOffers } from "./inside/samples.mjs";

const offers = sampledOffers(fileURLToPath(new URL("wire.ts", import.meta.url)));
const deciding = localRows.map(({ client, method }) => `${client}.${method}`);
// What these make of an answer is a decision of their own.
const answered = offers.filter(
  ({ operation, path }) => operation.http && !path.includes("introspectTokenNetwork"),
);

const tests = {
  "196 operations are driven, as each of the 222 methods that offer them": () => {
    same(new Set(offers.map(({ id }) => id)).size, 196);
    same(offers.length, 222);
    same(offers.filter(({ operation }) => operation.http?.member_session_headers).length, 40);
  },
  "what gives no answer of the API as it is has rows of its own": () => {
    const others = offers.filter((offer) => !answered.includes(offer)).map(({ name }) => name);
    deepSame(
      others.filter((name) => !deciding.includes(name)),
      [],
    );
    same(others.length, 9);
  },
  ...requestTests(official, ours, offers),
  ...answerTests(official, ours, answered),
  ...(await localTests(official, ours)),
};
const listed = [REQUEST_DIFFERENCES, Object.keys(ANSWER_DIFFERENCES), Object.keys(LOCAL_DIFFERENCES)].flat();
report(await runOwn(tests), 2 + offers.length + answered.length + localRows.length + listed.length);
