// The extent of the measurements: counts only. A lap is a series of checks that is timed as a
// whole.

/**
 * The extent of the measurements for BENCHMARKS.md. On a noisy machine, there are up to `patience` times as many rounds.
 * After the few checks of `memory`, the cache of 1,000 verified tokens has replaced each entry several times.
 */
export const FULL = {
  // Many short laps: the contestants of a round meet the same disturbances, and the median has more ratios.
  rounds: 31,
  patience: 4,
  fresh: 100,
  warmUp: 400,
  lapMs: 10,
  starts: 15,
  memory: { few: 5_000, many: 1_000_000, clientsFew: 3_000, clientsMany: 30_000 },
  load: { rounds: 15, fresh: 200, again: 1_000, atOnce: 8 },
};

/** Enough to test that every contestant works, and that memory does not grow. The noise does not count. */
export const QUICK = {
  rounds: 2,
  patience: 1,
  fresh: 20,
  warmUp: 40,
  lapMs: 4,
  starts: 2,
  memory: { few: 5_000, many: 20_000, clientsFew: 100, clientsMany: 1_000 },
  load: { rounds: 2, fresh: 40, again: 100, atOnce: 4 },
};

/** The number of the first token of each round, so that tokens that must be new are new. */
export function slices({ rounds, patience, fresh, warmUp, load }) {
  const from = (start, rounds, length) => Array.from({ length: rounds * patience }, (_, round) => start + round * length);
  const loadStart = warmUp + rounds * patience * fresh;
  return {
    freshFrom: from(warmUp, rounds, fresh),
    loadFrom: from(loadStart, load.rounds, load.fresh),
    count: loadStart + load.rounds * patience * load.fresh,
  };
}
