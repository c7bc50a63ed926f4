// The chart of BENCHMARKS.md as an SVG: three panels with a logarithmic axis each, one row per
// runtime, and one mark per contestant. Readable on a light and on a dark page.

import { STYLE, text, tag, mark } from "./svg.mjs";
import { median } from "./numbers.mjs";

/** The panels: a part of the results, and the unit of its axis in units of the results. */
const PANELS = [
  { of: "first", title: "First check of a token", unit: "µs", name: "microseconds per check" },
  { of: "again", title: "Repeated check of the same token", unit: "µs", name: "microseconds per check" },
  { of: "given", title: "First check of a process, with imports, and with keys as an option", unit: "ms", name: "milliseconds", without: "without await" },
];

/** The contestants in the order of the legend. Their marks differ in colour and shape. */
const CONTESTANTS = ["stytch-edge", "without await", "verify entry", "stytch", "jose", "fast-jwt", "aws-jwt-verify"];

/** The drawing of the results. */
export function chart(results) {
  const panels = PANELS.filter(({ of }) => Object.values(results).some((result) => result[of]));
  const rows = Object.keys(results);
  const height = PANEL_TOP + rows.length * ROW + PANEL_BOTTOM;
  const total = TOP + panels.length * height;
  const drawn = panels.map((panel, at) => tag("g", { transform: `translate(0 ${TOP + at * height})` }, panelOf(panel, results, rows)));
  const view = { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${WIDTH} ${total}`, width: WIDTH, height: total, role: "img" };
  const title = tag("title", {}, "Times of the contestants in each runtime");
  const page = tag("rect", { class: "page", width: WIDTH, height: total, rx: 8 });
  return `${tag("svg", view, [title, STYLE, page, legend(), ...drawn])}\n`;
}

function legend() {
  let x = LEGEND_LEFT;
  return CONTESTANTS.map((name, number) => {
    const drawn = mark(name, number, x, 22) + text(x + 12, 26.5, name);
    x += name.length * LETTER + LEGEND_GAP;
    return drawn;
  }).join("\n");
}

function panelOf({ of, title, unit, name, without }, results, rows) {
  const values = rows.map((runtime) =>
    CONTESTANTS.filter((name) => name !== without).filter((name) => results[runtime][of]?.[name]).map((name) => [name, median(results[runtime][of][name])]),
  );
  const { xOf, ticks } = axisOf(values.flat().map(([, value]) => value));
  const bottom = PANEL_TOP + rows.length * ROW;
  const heading = text(LEFT, PANEL_TOP - 14, title, { class: "title" });
  const lines = ticks.map((tick) => {
    const x = xOf(tick);
    return (
      tag("line", { class: "grid", x1: x, x2: x, y1: PANEL_TOP, y2: bottom }) +
      text(x, bottom + 16, `${tick} ${unit}`, { class: "dim", "text-anchor": "middle" })
    );
  });
  const middle = (LEFT + RIGHT) / 2;
  const axis = text(middle, bottom + 34, `${name}, on a logarithmic axis; left is faster`, { class: "dim", "text-anchor": "middle" });
  const drawn = rows.map((runtime, at) => {
    const y = PANEL_TOP + (at + 0.5) * ROW;
    const line = tag("line", { class: "row", x1: LEFT, x2: RIGHT, y1: y, y2: y });
    const label = text(LEFT - 12, y + 4, runtime, { "text-anchor": "end" });
    const placed = spread(values[at].map(([name, value]) => ({ name, x: xOf(value) })));
    const marks = placed.map(({ name, x, shift }) => mark(name, CONTESTANTS.indexOf(name), x, y + shift));
    return [line, label, ...marks].join("");
  });
  return [heading, axis, ...lines, ...drawn].join("\n");
}

/** The marks of a row, with a vertical shift for each mark that would cover another one. */
function spread(marks) {
  const groups = [];
  for (const mark of marks.sort((one, other) => one.x - other.x)) {
    const group = groups.at(-1);
    if (group && mark.x - group.at(-1).x < MARK) group.push(mark);
    else groups.push([mark]);
  }
  // A long group goes up and down, because its distant marks do not touch.
  const shifts = { 1: [0], 2: [-0.5, 0.5] };
  const zigzag = [-0.85, 0.85, 0];
  return groups.flatMap((group) =>
    group.map((mark, at) => ({ ...mark, shift: (shifts[group.length] ?? zigzag)[at % zigzag.length] * MARK })),
  );
}

/** A logarithmic axis with round ends that contains all values. Returns the place of a value, and the labelled values. */
function axisOf(values) {
  const least = Math.min(...values) / MARGIN;
  const most = Math.max(...values) * MARGIN;
  const round = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((digit) => Number(`${digit}e${power - 3}`))).flat();
  const from = round.filter((value) => value <= least).at(-1);
  const to = round.find((value) => value >= most);
  const scale = (RIGHT - LEFT) / Math.log(to / from);
  const ticks = round.filter((value) => value >= from && value <= to);
  return { xOf: (value) => Math.round((LEFT + Math.log(value / from) * scale) * 10) / 10, ticks };
}

const WIDTH = 800;
const LEFT = 90;
const RIGHT = 764;
const TOP = 36;
const LEGEND_LEFT = 40;
const LEGEND_GAP = 32;
const LETTER = 7.2;
const PANEL_TOP = 46;
const PANEL_BOTTOM = 44;
const ROW = 32;
const MARK = 12;
const MARGIN = 1.06;
