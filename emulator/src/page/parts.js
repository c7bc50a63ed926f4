// The parts from which all sections are made: rows that open, badges, times, lists of facts, JSON.

import { element } from "./dom.js";

/** A row that opens. `title` is its main text, `notes` are the texts after it, and `inside` is what it opens to. */
export function row(key, title, notes, inside) {
  return element(
    "details",
    { key, class: "row" },
    element("summary", {}, element("span", { class: "title" }, title), element("span", { class: "notes" }, notes)),
    element("div", { class: "inside" }, inside),
  );
}

export function badge(text, tone = "plain") {
  return element("span", { class: `badge ${tone}` }, text);
}

/** A time of the API, for instance `2026-11-22T20:39:20Z`, in a readable form. */
export function moment(time, attributes = {}) {
  return element("time", { ...attributes, datetime: time }, readable(time));
}

export function readable(time) {
  return String(time).replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
}

/** Names and values, without the names that have no value. */
export function facts(...pairs) {
  const given = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return element(
    "dl",
    {},
    given.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
}

export function id(text) {
  return text ? element("code", {}, text) : undefined;
}

/** Names and JSON objects, without the empty ones. */
export function objects(...pairs) {
  const given = pairs.filter(([, value]) => value && Object.keys(value).length > 0);
  return given.map(([name, value]) => [element("h4", {}, name), json(value)]);
}

export function json(value) {
  return element("pre", { tabindex: "0" }, typeof value === "string" ? value : JSON.stringify(value, null, 2));
}

/** Texts in one line. */
export function list(texts) {
  return (texts ?? []).join(", ");
}

/** A button that sends `body` to the control route `path`. */
export function act(text, path, body) {
  return element("button", { type: "button", class: "quiet small", "data-send": path, "data-body": JSON.stringify(body) }, text);
}

/** A text to copy, for instance code. */
export function copyable(text) {
  const button = element("button", { type: "button", class: "copy", "data-copy": true }, "Copy");
  return element("div", { class: "copyable" }, element("pre", { tabindex: "0" }, text), button);
}

export function empty(title, text) {
  return element("div", { key: "empty", class: "empty" }, element("p", {}, element("strong", {}, title)), element("p", {}, text));
}

/** A line below a list that does not contain everything. */
export function rest(shown, total, key = "rest") {
  if (total <= shown) return [];
  return [element("p", { key, class: "rest" }, `The newest ${shown} of ${total} are listed.`)];
}

/** The tone of a badge for the status of an object. */
export function toneOf(status) {
  return { active: "good", pending: "warm" }[status] ?? "plain";
}
