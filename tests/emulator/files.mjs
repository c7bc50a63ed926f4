// Serves the files of one folder to the page, and the page itself.

import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };
const PAGE = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/assets/page.js"></script>`;

/** Returns the listener of a server. */
export default function files(folder) {
  return async (request, response) => {
    const path = new URL(request.url, "http://page").pathname;
    if (path === "/") return response.setHeader("content-type", "text/html").end(PAGE);
    const body = await readFile(join(folder, path)).catch(() => undefined);
    if (!body) return response.writeHead(404).end();
    response.setHeader("content-type", TYPES[extname(path)] ?? "text/plain").end(body);
  };
}
