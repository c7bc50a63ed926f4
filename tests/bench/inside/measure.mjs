// The order of things: rounds in which every contestant has its turn, so that a
// machine that slows down slows all of them. Runs inside a runtime, or outside of
// one whose clock stands still; `lap` is what differs.

import { CONTESTANTS, runLap } from "./laps.mjs";

/**
 * Microseconds a check, by contestant and round, of tokens seen first and of one seen before.
 * `lap(name, { from, count, times })` gives the milliseconds that the checks took.
 */
export async function measure(lap, plan, freshFrom) {
  const names = Object.keys(CONTESTANTS);
  const times = {};
  for (const name of names) {
    await lap(name, { from: 0, count: plan.warmUp, times: 1 });
    times[name] = await timesToFill(plan.lapMs, (times) => lap(name, { from: 0, count: 1, times }));
  }
  const found = { first: {}, again: {} };
  for (let round = 0; round < plan.rounds; round += 1) {
    const from = freshFrom[round];
    for (const name of turned(names, round)) {
      const first = await lap(name, { from, count: plan.fresh, times: 1 });
      (found.first[name] ??= []).push((first * 1000) / plan.fresh);
    }
    for (const name of turned(names, round)) {
      const again = await lap(name, { from, count: 1, times: times[name] });
      (found.again[name] ??= []).push((again * 1000) / times[name]);
    }
  }
  return found;
}

/** Milliseconds of a start, by starter and round; `start` takes what the starter's name stands for. */
export async function measureStarts(starters, rounds, start) {
  const found = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, module] of turned(Object.entries(starters), round)) {
      (found[name] ??= []).push(await start(module));
    }
  }
  return found;
}

/** A lap on this runtime's own clock. */
export function timedLap(checks, tokens) {
  return async (name, lap) => {
    const started = performance.now();
    await runLap(checks[name], tokens, lap);
    return performance.now() - started;
  };
}

/** The list, beginning with another one in each round. */
export function turned(list, round) {
  const at = round % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** How many times make a lap long enough for the clock. */
async function timesToFill(ms, lap) {
  let times = 32;
  // The faster of two: a lap that was held up once would leave all that follow too short.
  while (times < MOST_TIMES && Math.min(await lap(times), await lap(times)) < ms) times *= 2;
  return times;
}

const MOST_TIMES = 1 << 15;
