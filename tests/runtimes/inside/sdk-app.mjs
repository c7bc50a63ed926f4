// An application whose page uses @stytch/vanilla-js with an emulator. Its server checks the cookies with stytch-edge.

import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { Client } from "stytch-edge";

import { ok } from "../../conformance/assert.js";
import { blockWith } from "../../packaging/blocks.mjs";

const EXAMPLE = blockWith("docs/guide/testing-end-to-end.md", "@stytch/vanilla-js/headless");
const PAGE = `<!doctype html><title>Application</title><link rel="icon" href="data:,"><script type="module" src="/app.js"></script>`;

/**
 * Starts the application. The page runs the example of the guide, apart from the URL of the emulator, and has its client as
 * `stytch`. `GET /me` returns the verdict of the cookies.
 */
export async function startApp(emulator) {
  const script = await bundle(emulator.url);
  const client = new Client({ ...emulator.consumer, custom_base_url: emulator.url, isolated: true });
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname === "/app.js") return response.setHeader("content-type", "text/javascript").end(script);
    if (pathname === "/") return response.setHeader("content-type", "text/html").end(PAGE);
    if (pathname !== "/me") return response.writeHead(404).end();
    const { status, reason, session } = await client.authenticateRequest({ headers: request.headers });
    response.end(JSON.stringify({ status, reason, user_id: session?.user_id }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const end = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  // The page and the emulator have different hosts, as well as different ports.
  return { url: `http://localhost:${server.address().port}/`, client, end };
}

async function bundle(emulatorUrl) {
  const contents = EXAMPLE.replace("http://127.0.0.1:4010", emulatorUrl);
  ok(contents !== EXAMPLE, "the example names the URL of the emulator");
  const { outputFiles } = await build({
    stdin: { contents: `${contents}\nglobalThis.stytch = stytch;`, resolveDir: fileURLToPath(new URL("../..", import.meta.url)) },
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0].text;
}
