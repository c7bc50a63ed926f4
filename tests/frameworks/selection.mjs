// Selects the cells of the matrix that run. This module knows nothing about the content of a cell.

import { createHash } from "node:crypto";

/**
 * The chosen cells and the other cells, each in the order of `cells`.
 *
 * `names`: parts of names. If the list is not empty, only cells with such a name run. `all`: every
 * cell runs. Otherwise the cells marked `often` run, and as many others as fit into the budget.
 * `commit()` returns the commit's hash, which determines their order, so that every cell runs
 * within a few commits.
 */
export function choose(cells, { names, all, commit }) {
  checkNames(cells);
  const wanted = names.length > 0 ? withNames(cells, names) : all ? new Set(cells) : withinBudget(cells, commit());
  return {
    chosen: cells.filter((cell) => wanted.has(cell)),
    left: cells.filter((cell) => !wanted.has(cell)),
  };
}

function checkNames(cells) {
  const names = cells.map(({ name }) => name);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  if (twice.length > 0) throw new Error(`two cells have the name ${twice.join(", ")}`);
  for (const { name, group, seconds, run } of cells) {
    const complete = group && Number.isFinite(seconds) && typeof run === "function";
    if (!name || !complete) throw new Error(`the cell "${name}" needs name, group, seconds and run`);
  }
}

function withNames(cells, names) {
  for (const part of names) {
    if (!cells.some(({ name }) => name.includes(part))) throw new Error(`the name of no cell contains "${part}"`);
  }
  return new Set(cells.filter(({ name }) => names.some((part) => name.includes(part))));
}

function withinBudget(cells, commit) {
  const wanted = new Set(cells.filter(({ often }) => often));
  let left = BUDGET_SECONDS;
  for (const { seconds } of wanted) left -= seconds;
  for (const cell of byCommit(cells.filter(({ often }) => !often), commit)) {
    if (cell.seconds > left) continue;
    wanted.add(cell);
    left -= cell.seconds;
  }
  return wanted;
}

function byCommit(cells, commit) {
  const rank = ({ name }) => createHash("sha256").update(`${commit} ${name}`).digest("hex");
  return cells
    .map((cell) => [rank(cell), cell])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, cell]) => cell);
}

/** The limit for the sum of the cells' times. Two cells run at a time, so a run takes half of it. */
const BUDGET_SECONDS = 800;
