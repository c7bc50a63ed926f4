// The extent of the measurements: counts only. A lap is a series of checks that is timed as a
// whole.

/**
 * The extent of the measurements for BENCHMARKS.md. After the few checks of `memory`, the cache of 1,000 verified tokens has
 * replaced each entry several times.
 */
export const FULL = {
  rounds: 11,
  fresh: 200,
  warmUp: 400,
  lapMs: 20,
  starts: 15,
  memory: { few: 5_000, many: 1_000_000, clientsFew: 1_000, clientsMany: 10_000 },
  load: { rounds: 5, fresh: 500, again: 2_000, atOnce: 8 },
};

/** Enough to test that every contestant works, and that memory does not grow. */
export const QUICK = {
  rounds: 3,
  fresh: 20,
  warmUp: 40,
  lapMs: 4,
  starts: 3,
  memory: { few: 5_000, many: 20_000, clientsFew: 100, clientsMany: 1_000 },
  load: { rounds: 2, fresh: 40, again: 100, atOnce: 4 },
};

/** The number of the first token of each use, so that tokens that must be new are new. */
export function slices({ rounds, fresh, warmUp, load }) {
  const loadFrom = warmUp + rounds * fresh;
  return {
    lap: (round) => warmUp + round * fresh,
    load: (round) => loadFrom + round * load.fresh,
    count: loadFrom + load.rounds * load.fresh,
  };
}
