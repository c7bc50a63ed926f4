// The request log on stderr: one line for each request, without query, headers and body, which may contain secrets. Reads of the
// control routes are not logged, because the emulator's page repeats them.

import type { Answer, RawRequest } from "../message.js";

/** Logs one request. */
export function log({ method, target }: RawRequest, { status, delivery }: Answer, milliseconds: number): void {
  const path = target.split("?", 1)[0]!;
  if (method === "GET" && (path === "/" || path.startsWith("/_emulator/"))) return;
  const fault = delivery.kind === "whole" ? "" : ` ${delivery.kind}`;
  process.stderr.write(`${printable(method)} ${printable(path)} ${status}${fault} ${Math.floor(milliseconds)} ms\n`);
}

/** Without characters that would control a terminal. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, "?").slice(0, 200);
}
