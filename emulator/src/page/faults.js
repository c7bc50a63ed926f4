// The active faults, and the form for a new one.

import { read, send } from "./api.js";
import { element } from "./dom.js";
import { badge, empty } from "./parts.js";

export const load = () => read("faults");

/** Shows the list, or only the number of faults if the emulator does not return a list. */
export function render(answer, { counts }) {
  document.getElementById("clear-faults").disabled = counts.faults === 0;
  if (counts.faults === 0) return [empty("No faults", "All calls to the API reach the emulator.")];
  const faults = [answer?.faults ?? answer].flat().filter((fault) => fault?.path_prefix);
  if (faults.length === 0) return [element("p", { class: "rest" }, counts.faults === 1 ? "1 fault is active." : `${counts.faults} faults are active.`)];
  return faults.map((fault, index) => {
    const { path_prefix, kind, times, ...more } = fault;
    const details = Object.entries(more).filter(([, value]) => value !== null);
    return element(
      "div",
      { key: `fault-${index}`, class: "row flat" },
      element("span", { class: "title" }, element("code", {}, `${path_prefix}…`)),
      element(
        "span",
        { class: "notes" },
        details.map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)} `),
        badge(String(kind ?? "fault"), "bad"),
        badge(times ? `${times} more` : "until cleared"),
      ),
    );
  });
}

/** Connects the form and the button. `act` performs a change and refreshes the page. */
export function start(act) {
  const form = document.getElementById("fault");
  const showFields = () => {
    const kind = form.elements.kind.value;
    for (const [name, kinds] of Object.entries(FIELDS)) {
      const field = form.elements[name];
      field.disabled = !kinds.includes(kind);
      field.closest("label").hidden = field.disabled;
    }
  };
  form.elements.kind.addEventListener("change", showFields);
  showFields();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = [...new FormData(form)].filter(([, value]) => value !== "");
    const fault = given.map(([name, value]) => [name, NUMBERS.includes(name) ? Number(value) : value]);
    act(() => send("POST", "faults", Object.fromEntries(fault)));
  });
  document.getElementById("clear-faults").addEventListener("click", () => act(() => send("DELETE", "faults")));
}

/** The fields that not every kind has, and the kinds that have them. */
const FIELDS = { status: ["status"], delay_ms: ["slow", "slow_body"] };
const NUMBERS = ["status", "delay_ms", "times"];
