// Calls the emulator's control routes. Knows neither the document nor the state.

/** Returns the JSON of a control route, or `undefined` if this emulator does not have the route. */
export async function read(path) {
  const response = await call("GET", path);
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`GET ${path} returned ${response.status}`);
  return response.json();
}

/** Sends JSON to a control route. Throws the emulator's message if it refuses. */
export async function send(method, path, body) {
  const response = await call(method, path, body && JSON.stringify(body));
  if (response.ok) return;
  const answer = await response.json().catch(() => ({}));
  const reason = typeof answer.error === "string" ? answer.error : `the status is ${response.status}`;
  throw new Refusal(`The emulator refused: ${reason}.`);
}

/** The emulator answered with an error. Any other error means that it cannot be reached. */
export class Refusal extends Error {}

function call(method, path, body) {
  const headers = body ? { "content-type": "application/json" } : {};
  const signal = AbortSignal.timeout(10_000);
  return fetch(`/_emulator/${path}`, { method, body, headers, signal, cache: "no-store", redirect: "error" });
}
