// The random part of the delays before retries. Knows nothing about requests.

/** Runs `step` while `Math.random` returns `value`, so that delays have no jitter if it is 0. */
export async function withoutJitter(step, value = 0) {
  const { random } = Math;
  Math.random = () => value;
  try {
    return await step();
  } finally {
    Math.random = random;
  }
}
