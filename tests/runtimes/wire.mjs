// The comparison with npm stytch 14.2.0: every method sends the same requests for the same
// arguments, converts each response to the same result, and makes the same local decisions.
// Both packages run over a captured fetch or against a server on loopback. No request leaves
// this machine.

import { fileURLToPath } from "node:url";

import official from "stytch";
import * as ours from "stytch-edge";

import { deepSame, same } from "../conformance/assert.js";
import { messageTests } from "./inside/argument-messages.mjs";
import { ANSWER_DIFFERENCES, answerTests } from "./inside/answers.mjs";
import { REQUEST_DIFFERENCES } from "./inside/differences.mjs";
import { LOCAL_DIFFERENCES } from "./inside/local-differences.mjs";
import { localRows, localTests } from "./inside/local.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { requestTests } from "./inside/requests.mjs";
import { sampledOffers } from "./inside/samples.mjs";

/** Every method with arguments, except the methods with messages of their own. */
const MESSAGES = 203;
const offers = sampledOffers(fileURLToPath(new URL("wire.ts", import.meta.url)));
const deciding = localRows.map(({ client, method }) => `${client}.${method}`);
// These methods do not return the API's response; local.mjs compares their decisions.
const answered = offers.filter(
  ({ operation, path }) => operation.http && !path.includes("introspectTokenNetwork"),
);

const messages = messageTests(ours, offers);
const tests = {
  "compares 196 operations in 222 methods": () => {
    same(new Set(offers.map(({ id }) => id)).size, 196);
    same(offers.length, 222);
    same(offers.filter(({ operation }) => operation.http?.member_session_headers).length, 40);
  },
  "compares local decisions for every method that does not return the API's response": () => {
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
  ...messages,
};
const listed = [REQUEST_DIFFERENCES, Object.keys(ANSWER_DIFFERENCES), Object.keys(LOCAL_DIFFERENCES)].flat();
same(Object.keys(messages).length, MESSAGES, "tests of messages");
report(await runOwn(tests), 2 + MESSAGES + offers.length + answered.length + localRows.length + listed.length);
