// One lap: sequential checks, each with its expected result. This module does not measure
// time; its callers do.

/** The session id in the pool's token with this number. */
export const sessionId = (number) => `session-test-${number}`;

/** Checks `count` tokens of the pool, starting at number `from`, and repeats all of them `times` times. */
export async function runLap(check, tokens, { from, count, times }) {
  for (let time = 0; time < times; time += 1) {
    for (let number = from; number < from + count; number += 1) {
      const returned = check(tokens[number]);
      // A synchronous check must not pay for an await.
      const found = typeof returned === "string" ? returned : await returned;
      if (found !== sessionId(number)) throw new Error(`token ${number} returned ${found}`);
    }
  }
}

/** The check of a contestant. Each contestant has its own base URL, so that two of one module share no state. */
export function checkOf(name, keys, module, server) {
  return module[keys](server, `/${encodeURIComponent(name)}`);
}
