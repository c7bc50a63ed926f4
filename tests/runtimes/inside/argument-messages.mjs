// The messages for wrong arguments, for every method of the API: they name the argument or the route, and never contain
// the value.

import { ok, same } from "../../conformance/assert.js";
import { answering, outcome } from "./captured.mjs";

const SECRET = "a-value-that-may-be-secret";

/** Arguments that are not an object, and their types in messages. */
const NOT_OBJECTS = [
  [SECRET, "string"],
  [7, "number"],
  [true, "boolean"],
  [[SECRET], "Array"],
  [() => SECRET, "function"],
];

/** Values that cannot be part of a path, and the end of the message. */
const WRONG_TEXTS = [
  [undefined, " is required"],
  [null, " is required"],
  [7, " must be a string of at most 4096 characters"],
  [[SECRET], " must be a string of at most 4096 characters"],
  [{ secret: SECRET }, " must be a string of at most 4096 characters"],
  [SECRET.repeat(200), " must be a string of at most 4096 characters"],
  ["", " must not be empty"],
  ["..", ' must not be "." or ".."'],
  [`${SECRET}\ud800`, " must not contain unpaired surrogates or U+FFFD"],
];

/** The tests by name: one per method that has arguments and sends them unchanged. */
export function messageTests(ours, offers) {
  let project = 0;
  const sends = offers.filter(({ path, all }) => all.length > 0 && !CHECKED_ELSEWHERE.includes(path.join(".")));
  return Object.fromEntries(
    sends.map((offer) => [`${offer.name} names wrong arguments`, () => namesWrongArguments(offer)]),
  );

  async function namesWrongArguments(row) {
    const { method, path } = row.operation.http;
    const [first, ...rest] = row.all;
    for (const [value, type] of NOT_OBJECTS) {
      const message = await messageOf([value, ...rest]);
      same(message, `the first argument of ${method} ${path} must be an object, but is of type ${type}`);
    }
    for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
      for (const [value, rule] of WRONG_TEXTS) {
        same(await messageOf([{ ...first, [name]: value }, ...rest]), `${name}${rule}`);
      }
    }

    async function messageOf(values) {
      project += 1;
      const { sent, error } = await outcome(ours, { ...row, project }, values, answering({}));
      same(sent?.length ?? 0, 0, "requests");
      same(error?.code, "invalid_argument", String(error));
      ok(!error.message.includes(SECRET), error.message);
      return error.message.replace("invalid_argument: ", "");
    }
  }
}

/** Methods with options or arguments of their own; tests/conformance/option_types.js has their messages. */
const CHECKED_ELSEWHERE = [
  "sessions.authenticateJwt",
  "sessions.authenticateJwtLocal",
  "m2m.authenticateToken",
  "m2m.token",
  "idp.introspectTokenLocal",
  "idp.introspectTokenNetwork",
  "users.searchAll",
];
