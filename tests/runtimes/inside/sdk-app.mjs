// An application whose pages use Stytch's SDKs for browsers with an emulator. Its server has the log-in routes of stytch-edge, and
// checks and refreshes the cookies.

import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { renderToString } from "react-dom/server";
import { Client } from "stytch-edge";
import { logInRoutes } from "stytch-edge/express";

import { ok } from "../../conformance/assert.js";
import { blockWith } from "../../packaging/blocks.mjs";
import { clientOf, pageOf } from "./sdk-react.mjs";

const EXAMPLE = blockWith("docs/guide/testing-end-to-end.md", "@stytch/vanilla-js/headless");
const TESTS = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Starts the application. Its client has the options `cookies`, and `events` collects its events. The scripts of the pages have
 * the client of the SDK as `stytch`.
 *
 * `/`                    the example of the guide for @stytch/vanilla-js, apart from the URL of the emulator
 * `/react`               a page of @stytch/nextjs
 * `/auth/...`            the log-in routes
 * `/with-headers?token=` logs in with `sessionHeaders`
 * `/me`                  the verdict of the cookies. Sets its cookies
 */
export async function startApp(emulator, cookies) {
  const scripts = { "/vanilla.js": await vanilla(emulator), "/react.js": await react(emulator) };
  const events = [];
  const client = new Client({ ...emulator.consumer, custom_base_url: emulator.url, isolated: true, cookies, on_event: (event) => events.push(event.type) });
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // The pages and the emulator have different hosts, as well as different ports.
  const origin = `http://localhost:${server.address().port}`;
  const logIn = logInRoutes(client, { origin, methods: { magic_link: true }, log_in: "/", pages: { logged_in: "/" } });
  const rendered = renderToString(pageOf(clientOf(emulator.public_tokens.consumer, emulator.url)));
  const pages = { "/": page("vanilla", ""), "/react": page("react", rendered) };

  const respond = async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, origin);
    const script = scripts[pathname];
    if (script) return response.setHeader("content-type", "text/javascript").end(script);
    if (pages[pathname]) return response.setHeader("content-type", "text/html").end(pages[pathname]);
    if (pathname === "/with-headers") {
      const result = await client.magicLinks.authenticate({ token: searchParams.get("token"), session_duration_minutes: 60 });
      return response.setHeaders(client.sessionHeaders(result)).writeHead(303, { location: searchParams.get("to") }).end();
    }
    if (pathname !== "/me") return response.writeHead(404).end();
    const { status, reason, via, session, headers } = await client.authenticateRequest({ headers: request.headers });
    response.setHeaders(headers).end(JSON.stringify({ status, reason, via, user_id: session?.user_id, session_id: session?.session_id }));
  };
  const fail = (response, error) => response.writeHead(500).end(String(error));
  server.on("request", (request, response) =>
    logIn(request, response, (error) => (error ? fail(response, error) : respond(request, response).catch((problem) => fail(response, problem)))));
  const end = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `${origin}/`, client, events, end };
}

const page = (name, content) =>
  `<!doctype html><title>Application</title><link rel="icon" href="data:,"><div id="app">${content}</div><script type="module" src="/${name}.js"></script>`;

function vanilla({ url }) {
  const contents = EXAMPLE.replace("http://127.0.0.1:4010", url);
  ok(contents !== EXAMPLE, "the example names the URL of the emulator");
  return bundle(`${contents}\nglobalThis.stytch = stytch;`);
}

function react({ public_tokens, url }) {
  return bundle(`
    import { hydrateRoot } from "react-dom/client";
    import { clientOf, pageOf } from "./runtimes/inside/sdk-react.mjs";
    globalThis.stytch = clientOf(${JSON.stringify(public_tokens.consumer)}, ${JSON.stringify(url)});
    hydrateRoot(document.getElementById("app"), pageOf(stytch));
  `);
}

async function bundle(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: TESTS },
    bundle: true,
    format: "esm",
    target: "es2022",
    // React reports differences between the page of the server and that of the browser only in development.
    define: { "process.env.NODE_ENV": '"development"' },
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0].text;
}
