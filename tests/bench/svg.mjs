// The elements of the chart: tags, text, and the marks of the contestants with their colours on
// light and dark pages.

/** An element with its attributes and contents. */
export function tag(name, attributes, contents = "") {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const inner = Array.isArray(contents) ? contents.join("\n") : contents;
  return inner ? `<${name}${written.join("")}>${inner}</${name}>` : `<${name}${written.join("")}/>`;
}

/** Text at a place. */
export const text = (x, y, words, attributes = {}) => tag("text", { x, y, ...attributes }, escaped(words));

/** The mark of the contestant with this number at a place. Its name appears under the pointer. */
export function mark(name, number, x, y) {
  const place = { d: SHAPES[number], class: `mark c${number}`, transform: `translate(${x} ${y})` };
  return tag("path", place, tag("title", {}, escaped(name)));
}

const escaped = (words) => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** Circle, ring, square ring, square, diamond, triangle, cross. */
const SHAPES = [
  "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
  "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0zM-2.5 0a2.5 2.5 0 1 1 5 0a2.5 2.5 0 1 1 -5 0z",
  "M-5.5 -5.5v11h11v-11zM-2.5 -2.5h5v5h-5z",
  "M-5 -5h10v10h-10z",
  "M0 -6.5L6.5 0L0 6.5L-6.5 0z",
  "M0 -6L6 5H-6z",
  "M-5.5 -3.5L-3.5 -5.5L0 -2L3.5 -5.5L5.5 -3.5L2 0L5.5 3.5L3.5 5.5L0 2L-3.5 5.5L-5.5 3.5L-2 0z",
];

/** Okabe and Ito's colours, which differ for the colour-blind too: darker on light pages, lighter on dark pages. */
const LIGHT = ["#0b5cad", "#0b5cad", "#0b5cad", "#b04a00", "#00795a", "#a3427f", "#6b6b6b"];
const DARK = ["#6fb7f5", "#6fb7f5", "#6fb7f5", "#f0953f", "#3fc79f", "#e58fc0", "#b5b5b5"];
const colours = (list) => list.map((colour, at) => `.c${at}{fill:${colour}}`).join("");

/** The style sheet. */
export const STYLE = `<style>
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:#1f2328}
.title{font-weight:600}.dim{fill:#59636e;font-size:12px}
.page{fill:#fff}.grid{stroke:#d1d9e0}.row{stroke:#eaeef2}.mark{stroke:#fff;stroke-width:1.5;paint-order:stroke}
${colours(LIGHT)}
@media (prefers-color-scheme:dark){
text{fill:#f0f6fc}.dim{fill:#9198a1}
.page{fill:#0d1117}.grid{stroke:#30363d}.row{stroke:#21262d}.mark{stroke:#0d1117}
${colours(DARK)}
}
</style>`;
