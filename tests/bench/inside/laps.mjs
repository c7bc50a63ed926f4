// One lap: some checks one after the other, each with the answer that it must have.
// Knows no clock; whoever times a lap stands outside of it.

/** Which session the token with this number in the pool is about. */
export const sessionId = (number) => `session-test-${number}`;

/** Who is measured, and by which module of contestants/; the first twice, so that noise is seen. */
export const CONTESTANTS = {
  "stytch-edge": "ours",
  "once more": "ours",
  "without await": "sync",
  stytch: "stytch",
  jose: "jose",
};

/** Checks `count` tokens of the pool, beginning with number `from`, all of them `times` times. */
export async function runLap(check, tokens, { from, count, times }) {
  for (let time = 0; time < times; time += 1) {
    for (let number = from; number < from + count; number += 1) {
      const found = await check(tokens[number]);
      if (found !== sessionId(number)) throw new Error(`token ${number} gave ${found}`);
    }
  }
}

/** The check of each contestant, from the modules by name. */
export function checksOf(modules, stand) {
  // Under a path of its own each: what the second "ours" sees first, the first has not shown it.
  const check = ([name, module]) => [name, modules[module](stand, `/${encodeURIComponent(name)}`)];
  return Object.fromEntries(Object.entries(CONTESTANTS).map(check));
}
