// How much is measured: counts only. A lap is what is timed in one piece.

/** What BENCHMARKS.md is written from. */
export const FULL = {
  rounds: 11,
  fresh: 200,
  warmUp: 400,
  lapMs: 20,
  starts: 15,
  memory: { few: 1_000, many: 1_000_000, clientsFew: 1_000, clientsMany: 10_000 },
  load: { rounds: 5, fresh: 500, again: 2_000, atOnce: 8 },
};

/** Enough to see that every contestant answers, and that memory stands still. */
export const QUICK = {
  rounds: 3,
  fresh: 20,
  warmUp: 40,
  lapMs: 4,
  starts: 3,
  memory: { few: 1_000, many: 10_000, clientsFew: 100, clientsMany: 1_000 },
  load: { rounds: 2, fresh: 40, again: 100, atOnce: 4 },
};

/** Where the tokens of each use begin: no token that is seen first has been seen before. */
export function slices({ rounds, fresh, warmUp, load }) {
  const loadFrom = warmUp + rounds * fresh;
  return {
    lap: (round) => warmUp + round * fresh,
    load: (round) => loadFrom + round * load.fresh,
    count: loadFrom + load.rounds * load.fresh,
  };
}
