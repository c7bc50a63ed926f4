// Starts the page: shows the section that the URL names, and refreshes it every 2 seconds.

import { Refusal, read, send } from "./api.js";
import * as apps from "./apps.js";
import * as clock from "./clock.js";
import { update } from "./dom.js";
import * as faults from "./faults.js";
import * as fraud from "./fraud.js";
import * as outbox from "./outbox.js";
import { readable } from "./parts.js";
import { organizations, sessions, users } from "./people.js";
import * as project from "./project.js";
import * as requests from "./requests.js";

/** `load` fetches data in addition to the state, `render` returns the nodes of the section's list. */
const SECTIONS = {
  outbox,
  users: { render: users },
  organizations: { render: organizations },
  sessions: { render: sessions },
  apps,
  fraud,
  requests,
  faults,
  clock,
  project,
};

const byId = (id) => document.getElementById(id);

/** Shows the section of the URL's fragment. */
function show() {
  const asked = location.hash.slice(1);
  current = Object.hasOwn(SECTIONS, asked) ? asked : "outbox";
  for (const name of Object.keys(SECTIONS)) byId(name).hidden = name !== current;
  for (const anchor of document.querySelectorAll("nav a")) {
    const is_current = anchor.hash === `#${current}`;
    if (is_current) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
  const title = byId(`${current}-title`).textContent;
  document.title = `${title} · Stytch emulator`;
  refresh();
}

/** Fetches and displays the state. If the user selects another section meanwhile, the older answer is ignored. */
async function refresh() {
  const started = (refreshes += 1);
  const section = current;
  let state;
  let data;
  try {
    state = await read("state.json");
    data = await SECTIONS[section].load?.(state);
  } catch {
    state = undefined;
  }
  if (started !== refreshes) return;
  refreshed = started;
  report(state !== undefined);
  if (state) display(section, state, data);
}

/** Refreshes, unless the previous refresh has not ended. */
function refreshAgain() {
  if (!document.hidden && refreshed === refreshes) refresh();
}

function display(section, state, data) {
  shown = { section, state, data };
  for (const span of document.querySelectorAll("[data-count]")) {
    const names = span.dataset.count.split(" ");
    const count = names.reduce((sum, name) => sum + state.counts[name], 0);
    const is_fault = span.dataset.count === "faults";
    span.textContent = is_fault && count === 0 ? "" : String(count);
    span.classList.toggle("alarm", is_fault);
  }
  byId("now").textContent = readable(state.clock.now);
  byId("now").dateTime = state.clock.now;
  update(byId(section).querySelector(".list"), SECTIONS[section].render(data, state));
}

function redraw() {
  if (shown?.section === current) display(shown.section, shown.state, shown.data);
}

function report(is_running) {
  document.body.classList.toggle("offline", !is_running);
  byId("stopped").hidden = is_running;
  byId("status").textContent = is_running ? "Running" : "Stopped";
}

/** Performs a change that the user asked for, reports a refusal, and refreshes the page. */
async function act(change) {
  const problem = byId("problem");
  problem.hidden = true;
  try {
    await change();
  } catch (error) {
    if (error instanceof Refusal) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
  }
  await refresh();
}

async function copy(button) {
  const text = button.parentElement.querySelector("pre");
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
  } catch {
    // Without permission, or if the page is not from this machine, the text is selected instead.
    getSelection().selectAllChildren(text);
    button.textContent = "Selected";
  }
  byId("announcements").textContent = button.textContent;
}

let current = "outbox";
let shown;
let refreshes = 0;
let refreshed = 0;

faults.start(act);
clock.start(act);
byId("filter").addEventListener("input", redraw);
byId("filter").addEventListener("submit", (event) => event.preventDefault());
// Bodies are added when a request is opened. The event does not bubble.
byId("requests").addEventListener("toggle", redraw, true);
byId("reset").addEventListener("click", () => byId("confirm").showModal());
byId("confirm").addEventListener("close", ({ target }) => {
  if (target.returnValue === "reset") act(() => send("POST", "reset"));
  target.returnValue = "";
});
document.addEventListener("click", ({ target }) => {
  if (!(target instanceof HTMLElement)) return;
  const { copy: copies, send: path, body } = target.dataset;
  if (copies !== undefined) copy(target);
  if (path !== undefined) act(() => send("POST", path, JSON.parse(body)));
});
addEventListener("hashchange", show);
document.addEventListener("visibilitychange", refreshAgain);
setInterval(refreshAgain, 2000);
show();
