// Calls of control routes by the server itself.

import type { Native } from "../native.js";

/** Calls a control route, and returns its text. Throws an error with the route's message if it refuses the call. */
export function control(native: Native, method: string, path: string, body = ""): string {
  const headers: [string, string][] = [["content-type", "application/json"]];
  const answer = native.handle({ method, target: `/_emulator/${path}`, headers, body: Buffer.from(body) }, Date.now());
  const text = new TextDecoder().decode(answer.body);
  if (answer.status >= 400) throw new Error(JSON.parse(text).error ?? text);
  return text;
}
