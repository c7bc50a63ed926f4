// A server on loopback in place of the API: it serves a key set under every base URL, the pool
// of tokens, and the files of one folder for pages. It ends with this process.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

/** Starts a server. Returns the data for contestants and pages. */
export async function startServer({ project_id, key_set, pem, tokens }, folder) {
  const keySet = JSON.stringify({ ...key_set, status_code: 200 });
  const pool = JSON.stringify(tokens);
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://server");
    if (pathname.endsWith(`/v1/sessions/jwks/${project_id}`)) return answer(response, ".json", keySet);
    if (pathname === "/tokens") return answer(response, ".json", pool);
    try {
      answer(response, extname(pathname), await readFile(join(folder, normalize(pathname))));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return { url: `http://127.0.0.1:${server.address().port}`, project_id, key_set, pem };
}

function answer(response, ending, body) {
  response.writeHead(200, {
    "Content-Type": TYPES[ending] ?? "application/octet-stream",
    // So that no contestant uses a response that another one has fetched.
    "Cache-Control": "no-store",
    // Pages have a high-resolution clock only if they are cross-origin isolated.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  });
  response.end(body);
}

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};
