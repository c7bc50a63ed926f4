// The wire: every method sends what npm stytch 14.2.0 sends for the same arguments,
// all fields and required ones only. Both are driven over a captured fetch; nothing
// leaves this process.

import { fileURLToPath } from "node:url";

import official from "stytch";
import ours from "stytch-edge";

import { sampleCalls } from "./inside/arguments.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { deepSame } from "../conformance/assert.js";

const CONFIG = { project_id: "project-test-00000000-0000-4000-8000-000000000000", secret: "secret-test-x" };

/** Methods that decide before they send, and are compared where they are tested. */
const NOT_HERE = new Set(["sessions.authenticateJwt", "sessions.authenticateJwtLocal"]);

const calls = sampleCalls(fileURLToPath(new URL("wire.ts", import.meta.url)), ["Client", "B2BClient"]);
const tests = {};
for (const { client, path, required, all } of calls) {
  if (NOT_HERE.has(path.join("."))) continue;
  tests[`${client}.${path.join(".")}`] = async () => {
    for (const values of [required, all]) {
      deepSame(await sentBy(ours[client], path, values), await sentBy(official[client], path, values));
    }
  };
}
report(await runOwn(tests), calls.length - 2 * NOT_HERE.size);

/** What a call puts on the wire. */
async function sentBy(Client, path, values) {
  const sent = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    sent.push(described(url, init));
    return new Response('{"status_code":200}');
  };
  try {
    const client = new Client({ ...CONFIG });
    const resource = path.slice(0, -1).reduce((object, name) => object[name], client);
    await resource[path.at(-1)](...values.map((value) => structuredClone(value)));
  } finally {
    globalThis.fetch = real;
  }
  return sent;
}

function described(url, { method, body, headers }) {
  const { origin, pathname, searchParams } = new URL(url);
  const sent = new Headers(headers);
  const names = ["authorization", "x-stytch-member-session", "x-stytch-member-sessionjwt"];
  return {
    method,
    origin,
    pathname,
    query: [...searchParams].sort().map(String),
    body: body === undefined ? "" : JSON.stringify(sorted(JSON.parse(body))),
    headers: names.map((name) => String(sent.get(name))),
  };
}

/** The order of members means nothing. */
function sorted(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort().map(([name, inner]) => [name, sorted(inner)]));
}
