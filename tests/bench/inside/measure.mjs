// The order of the measurements: every round measures every contestant, so that a machine that
// slows down affects all of them. This module runs inside a runtime, or outside a runtime whose
// clock does not advance. `lap` implements the difference.

import { CONTESTANTS, runLap } from "./laps.mjs";

/**
 * Microseconds per check, by contestant and round, for new tokens and for a repeated token.
 * `lap(name, { from, count, times })` returns the milliseconds of the checks.
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

/** Milliseconds of a start, by contestant and round. `start` is called with the contestant's module. */
export async function measureStarts(starters, rounds, start) {
  const found = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, module] of turned(Object.entries(starters), round)) {
      (found[name] ??= []).push(await start(module));
    }
  }
  return found;
}

/** A lap that is timed with this runtime's clock. */
export function timedLap(checks, tokens) {
  return async (name, lap) => {
    const started = performance.now();
    await runLap(checks[name], tokens, lap);
    return performance.now() - started;
  };
}

/** The list, with another first element in each round. */
export function turned(list, round) {
  const at = round % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** The number of repetitions that a lap needs to last `ms` milliseconds. */
async function timesToFill(ms, lap) {
  let times = 32;
  // The faster of two laps, because one delayed lap would make all later laps too short.
  while (times < MOST_TIMES && Math.min(await lap(times), await lap(times)) < ms) times *= 2;
  return times;
}

const MOST_TIMES = 1 << 15;
