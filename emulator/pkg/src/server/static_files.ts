// Serves the files of one folder under `/_emulator/static/`, so that a page and the API have the same origin.

import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

import type { Answer, RawRequest } from "../message.js";

/** The response for a file, or `undefined` if the path is not below `/_emulator/static/`. */
export async function staticFile(folder: string | undefined, request: RawRequest): Promise<Answer | undefined> {
  const path = request.target.split("?", 1)[0]!;
  if (!path.startsWith(PREFIX)) return undefined;
  const name = path.slice(PREFIX.length);
  const file = folder === undefined || request.method !== "GET" ? undefined : inside(folder, name);
  const read = file === undefined ? undefined : await readFile(file).catch(() => undefined);
  if (read) return answer(200, MIME_TYPES[extname(name).toLowerCase()] ?? "application/octet-stream", read);
  return answer(404, "text/plain; charset=utf-8", Buffer.from("file not found\n"));
}

/** The path below the folder. `undefined` if a segment would lead out of it. Symbolic links inside the folder are followed. */
function inside(folder: string, name: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(name);
  } catch {
    return undefined;
  }
  const isInside = !/[\\\0]|^\/|^[A-Za-z]:/.test(decoded) && !decoded.split("/").includes("..");
  return isInside ? join(folder, decoded) : undefined;
}

function answer(status: number, type: string, body: Uint8Array): Answer {
  const headers: [string, string][] = [["content-type", type], ["cache-control", "no-store"], ["x-content-type-options", "nosniff"]];
  return { status, headers, body: new Uint8Array(body), delivery: { kind: "whole" } };
}

const PREFIX = "/_emulator/static/";

const MIME_TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".txt": "text/plain; charset=utf-8",
};
