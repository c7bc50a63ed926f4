// The request log, its filter, and the bodies of the requests that the user opens.

import { read } from "./api.js";
import { element } from "./dom.js";
import { badge, empty, facts, json, moment, rest, row } from "./parts.js";

/** Fetches the log only if there are new requests: with all bodies it can have megabytes. */
export async function load({ counts, projects }) {
  const version = JSON.stringify([counts.requests, projects]);
  if (version === fetched.version) return fetched.log;
  const log = await read(`requests.json?after=${Math.max(0, counts.requests - MOST)}`);
  fetched = { version, log };
  return log;
}

export function render({ requests = [] } = {}, { counts }) {
  if (requests.length === 0) return [empty("No requests yet", "Each call of your application to the API appears here.")];
  const { path, status } = Object.fromEntries(new FormData(document.getElementById("filter")));
  const matching = requests.filter(
    (request) => request.path.includes(path.trim()) && (status === "" || String(request.status).startsWith(status)),
  );
  if (matching.length === 0) return [empty("No request matches the filter", `${requests.length} requests do not match.`)];
  return [...matching.reverse().map(requestRow), ...rest(requests.length, counts.requests)];
}

function requestRow(request) {
  const key = `request-${request.number}`;
  const is_open = document.querySelector(`#requests [data-key="${key}"]`)?.open;
  const status = request.status === 0 ? badge("no response", "bad") : badge(String(request.status), tone(request.status));
  return row(
    key,
    [element("b", { class: "method" }, request.method), " ", element("span", { class: "path" }, breakable(request.path))],
    [element("span", { class: "when" }, moment(request.time)), status],
    is_open ? bodies(request) : [],
  );
}

function bodies(request) {
  const body = (name, value) => [element("h4", {}, name), value === undefined ? none() : json(value)];
  return [
    facts(
      ["Number", String(request.number)],
      ["Credentials", request.credentials],
      ["Session", request.session],
      ["User agent", request.user_agent],
    ),
    body("Request body", request.request_body),
    body("Response body", request.response_body),
  ];
}

/** A path that can be broken before each slash. */
function breakable(path) {
  return path.split("/").flatMap((part, index) => (index === 0 ? [part] : [element("wbr"), `/${part}`]));
}

function none() {
  return element("p", { class: "rest" }, "None.");
}

function tone(status) {
  return status < 300 ? "good" : status < 500 ? "warm" : "bad";
}

let fetched = {};
const MOST = 200;
