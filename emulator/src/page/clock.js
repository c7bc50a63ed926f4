// The emulator's clock, and the buttons that move it.

import { read, send } from "./api.js";
import { element } from "./dom.js";
import { badge, readable } from "./parts.js";

export const load = () => read("clock");

export function render(clock, state) {
  const { now, offset_seconds, frozen, tokens } = { ...state.clock, ...clock };
  const freeze = document.getElementById("freeze");
  freeze.setAttribute("aria-pressed", String(Boolean(frozen)));
  freeze.textContent = frozen ? "Let it run" : "Freeze";
  const field = document.querySelector("#set-clock [name=time]");
  if (field.value === "") field.value = now.replace("Z", "");
  const notes = [
    Number.isFinite(offset_seconds) && !frozen && badge(offset_seconds === 0 ? "real time" : describe(offset_seconds), offset_seconds === 0 ? "good" : "warm"),
    frozen && badge("frozen", "warm"),
    tokens === "real-time" && badge("tokens are dated by the real clock"),
  ];
  return [
    element("p", { key: "time", class: "time" }, element("time", { datetime: now }, readable(now))),
    ...(notes.some(Boolean) ? [element("p", { key: "notes", class: "notes" }, notes)] : []),
  ];
}

/** Connects the buttons. `act` performs a change and refreshes the page. */
export function start(act) {
  const set = (body) => act(() => send("POST", "clock", body));
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => set({ advance_seconds: Number(button.dataset.advance) }));
  }
  document.getElementById("set-clock").addEventListener("submit", (event) => {
    event.preventDefault();
    const time = new Date(`${event.target.elements.time.value}Z`);
    set({ set: time.toISOString().replace(".000Z", "Z") });
  });
  const freeze = document.getElementById("freeze");
  freeze.addEventListener("click", () => set({ frozen: freeze.getAttribute("aria-pressed") !== "true" }));
  document.getElementById("reset-clock").addEventListener("click", () => set({ reset: true }));
}

/** For instance `1 day 2 h ahead of real time`. */
function describe(offset) {
  let left = Math.abs(offset);
  const parts = UNITS.map(([name, seconds]) => {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    return count > 0 && `${count} ${name === "day" && count > 1 ? "days" : name}`;
  });
  return `${parts.filter(Boolean).join(" ")} ${offset > 0 ? "ahead of" : "behind"} real time`;
}

const UNITS = [["day", 86_400], ["h", 3600], ["min", 60], ["s", 1]];
