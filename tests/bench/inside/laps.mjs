// One lap: sequential checks, each with its expected result. This module does not measure
// time; its callers do.

/** The session id in the pool's token with this number. */
export const sessionId = (number) => `session-test-${number}`;

/** The contestants, and their modules in contestants/. The first one is measured twice, to show the noise. */
export const CONTESTANTS = {
  "stytch-edge": "ours",
  "once more": "ours",
  "without await": "sync",
  stytch: "stytch",
  jose: "jose",
};

/** Checks `count` tokens of the pool, starting at number `from`, and repeats all of them `times` times. */
export async function runLap(check, tokens, { from, count, times }) {
  for (let time = 0; time < times; time += 1) {
    for (let number = from; number < from + count; number += 1) {
      const found = await check(tokens[number]);
      if (found !== sessionId(number)) throw new Error(`token ${number} returned ${found}`);
    }
  }
}

/** The check of each contestant, by name. */
export function checksOf(modules, server) {
  // Each contestant has its own base URL, so that the two measurements of "ours" share no state.
  const check = ([name, module]) => [name, modules[module](server, `/${encodeURIComponent(name)}`)];
  return Object.fromEntries(Object.entries(CONTESTANTS).map(check));
}
