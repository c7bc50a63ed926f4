// The order of the measurements: every round measures every contestant, in a random order, so
// that a machine that slows down affects all of them. This module runs inside a runtime, or outside a runtime whose
// clock does not advance. `lap` implements the difference.

import { isQuiet } from "../numbers.mjs";

/**
 * Microseconds per check, by contestant and round, for new tokens and for a repeated token.
 * `lap(name, { from, count, times })` returns the milliseconds of the checks. `names` has the contestants of each part.
 */
export async function measure(lap, names, plan, freshFrom) {
  const times = {};
  for (const name of new Set([...names.first, ...names.again])) {
    await lap(name, { from: 0, count: plan.warmUp, times: 1 });
    times[name] = await timesToFill(plan.lapMs, (times) => lap(name, { from: 0, count: 1, times }));
  }
  const first = await inRounds(plan, names.first, async (name, round) => {
    const took = await lap(name, { from: freshFrom[round], count: plan.fresh, times: 1 });
    return (took * 1000) / plan.fresh;
  });
  const again = await inRounds(plan, names.again, async (name) => {
    const took = await lap(name, { from: 0, count: 1, times: times[name] });
    return (took * 1000) / times[name];
  });
  return { first, again };
}

/**
 * The results of `one(name, round)` by contestant and round. Continues until stytch-edge, measured twice, differs
 * from itself by less than the permitted noise, for at most `plan.patience` times the planned rounds.
 */
export async function inRounds(plan, names, one, rounds = plan.rounds) {
  const found = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds || (round < rounds * plan.patience && !isQuiet(found)); round += 1) {
    for (const name of shuffled(names, round)) found[name].push(await one(name, round));
  }
  return found;
}

/** A lap that is timed with this runtime's clock. */
export function timedLap(checks, tokens, runLap) {
  return async (name, lap) => {
    const started = performance.now();
    await runLap(checks[name], tokens, lap);
    return performance.now() - started;
  };
}

/**
 * The list in the order of this round, which is the same in every run. A contestant that always had the same
 * predecessor would always collect its garbage.
 */
export function shuffled(list, round) {
  const left = [...list];
  return list.map((_, at) => left.splice(Math.floor(random(round * list.length + at) * left.length), 1)[0]);
}

/** The random number between 0 and 1 with this number: one step of mulberry32, which mixes consecutive numbers well. */
function random(number) {
  let state = Math.imul(number + 1, 0x6d2b79f5);
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
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

const MOST_TIMES = 1 << 16;
