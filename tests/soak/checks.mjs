// The checks at the end of a soak: each compares a measured value with a bound.

import { CLOCK_TOLERANCE_SECONDS, GROWTH_MIB, LIMITS, PROBE_TOLERANCE_SECONDS } from "./plan.mjs";

/** The rows of the table: `{ number, name, measured, bound, isGood }`. */
export function checksOf({ findings, calls, recovery, keys, before, after, errors }) {
  const rows = [];
  const add = (name, measured, bound, isGood) => rows.push({ number: rows.length + 1, name, measured, bound, isGood });
  const none = (name, kind) => {
    const { all, wrong } = findings.of(kind);
    // A check without a single case proves nothing.
    add(name, `${wrong} of ${all}`, "0 of n", wrong === 0 && all > 0);
  };
  const atMost = (name, { most, total }, bound) => add(name, `${most} (${total} in all)`, `${bound}`, most <= bound);
  const seconds = (name, value, bound) => add(name, `${value.toFixed(1)} s`, `${bound} s`, value <= bound);
  const window = (length) => length - CLOCK_TOLERANCE_SECONDS;

  none("forged or foreign tokens accepted", "forged");
  none("honest users signed out", "signed_out");
  none("valid JWTs refused", "local");
  none("expired JWTs refused during a flood", "expired_in_flood");
  none("responses for another user", "right_user");
  none("responses missing or unexpected", "answered");
  add("unhandled errors, and lines on stderr", `${errors.length}`, "0", errors.length === 0);
  const growth = Object.keys(before).filter((name) => name in GROWTH_MIB);
  for (const name of growth) {
    const mib = (after[name] - before[name]) / 2 ** 20;
    add(`growth of memory: ${name}`, `${mib.toFixed(1)} of ${(before[name] / 2 ** 20).toFixed(1)} MiB`, `${GROWTH_MIB[name]} MiB`, mib <= GROWTH_MIB[name]);
  }
  atMost("calls without a verified JWT in 10 s", calls.most("unverified", window(10)), LIMITS.unverifiedPer10Seconds);
  atMost("calls for one session in 10 s", calls.mostOfASession(window(10)), LIMITS.sessionPer10Seconds);
  atMost("calls for JWTs with an unknown key in 60 s", calls.most("unknownKey", window(60)), LIMITS.unknownKeyPerMinute);
  atMost("key sets in 30 s", calls.most("keySets", window(30)), LIMITS.keySetsPer30Seconds);
  atMost("requests for key sets in 30 s, with failures", calls.most("keySetTries", window(30)), LIMITS.keySetTriesPer30Seconds);
  const longest = LIMITS.longestPauseSeconds + PROBE_TOLERANCE_SECONDS;
  seconds("expired JWTs served after an outage", recovery.seconds.expired, longest);
  seconds("session tokens served after an outage", recovery.seconds.token, longest);
  const { issued, accepted, longest: waited } = keys.summary;
  add("rotated keys accepted", `${accepted} of ${issued}, ${waited.toFixed(1)} s`, `all, ${LIMITS.unknownKidSeconds} s`, accepted === issued && waited <= LIMITS.unknownKidSeconds);
  return rows;
}
