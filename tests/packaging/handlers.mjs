// The request handlers of the documents that are not servers: the log-in, a service for Connected Apps, and middleware of
// Hono. They run in this process and use the emulator as the API.

import { Hono } from "hono";
import { cors } from "hono/cors";
import { Client, StytchError } from "stytch-edge";
import { authenticated } from "stytch-edge/hono";

import { deepSame, failure, matches, ok, same } from "../conformance/assert.js";
import { loadedFunction, loadedModule } from "./loaded.mjs";

/** Tests of the handlers, by name. `environment` has the variables of a client of this emulator. */
export function handlerTests(emulator, environment) {
  const client = Client.fromEnv(environment);
  return {
    "logIn of the README sends a link, and begins a session for its token": () => logsIn(emulator, client),
    "the service of connected-apps.md accepts tokens of its audience with its scope": () => servesApps(emulator, client),
    "the middleware of sessions-and-cookies.md answers preflights before the check": () => sharesWithOrigin(emulator, environment),
    "the middleware of moving-from-hono-stytch-auth.md accepts tokens of its audience": () => checksTokens(emulator, environment),
  };
}

async function logsIn(emulator, client) {
  const { logIn } = await loadedModule("README.md", "function logIn");
  const email = "bob@example.com";
  const sent = await logIn(new Request("https://app.example.com/", { method: "POST", body: new URLSearchParams({ email }) }), client);
  same(sent.status, 200);
  const open = (token) => logIn(new Request(`https://app.example.com/authenticate?token=${token}`), client);
  const token = await emulator.tokenFor(email);
  const { status, headers } = await open(token);
  deepSame([status, headers.get("location")], [303, "/"]);
  const cookies = headers.getSetCookie().map((line) => line.split(";", 1)[0]);
  same(cookies.length, 2, "the number of cookies");
  same((await client.authenticateRequest({ headers: { Cookie: cookies.join("; ") } })).status, "authenticated");
  ok((await failure(() => open(token))) instanceof StytchError, "a token that was used throws a StytchError");
}

async function servesApps(emulator, client) {
  const serve = (_request, subject) => new Response(subject);
  const start = await loadedFunction("docs/guide/connected-apps.md", "async function fetch(", "client, serve", "fetch");
  const service = await start(client, serve);
  const resource = "https://mcp.example.com/mcp";
  const metadata = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";
  same((await (await service(new Request(metadata))).json()).resource, resource);
  const refused = await service(new Request(resource));
  same(refused.status, 401, "without a token");
  ok(refused.headers.get("WWW-Authenticate").includes(`resource_metadata="${metadata}"`), "the challenge has the address of the metadata");
  const send = async (claims) => service(new Request(resource, { headers: await bearer(emulator, claims) }));
  const aud = [emulator.consumer.project_id, resource];
  const accepted = await send({ aud, scope: "read:notes" });
  same(accepted.status, 200, "with a token");
  matches(await accepted.text(), /^user-test-/);
  same((await send({ scope: "read:notes" })).status, 401, "with a token for another service");
  same((await send({ aud, scope: "openid" })).status, 403, "with a token without the scope");
}

async function sharesWithOrigin(emulator, environment) {
  const start = await loadedFunction("docs/guide/sessions-and-cookies.md", "cors({", "app, cors, authenticated, Client");
  const app = new Hono();
  await start(app, cors, authenticated, Client);
  app.get("/private/me", (c) => c.json(c.get("session")));
  const origin = "https://app.example.com";
  const preflight = { method: "OPTIONS", headers: { origin, "Access-Control-Request-Method": "GET" } };
  const session = { headers: { origin, Authorization: `Bearer ${await emulator.token()}` } };
  for (const [init, status] of [[preflight, 204], [{ headers: { origin } }, 401], [session, 200]]) {
    const response = await app.request("/private/me", init, environment);
    same(response.status, status);
    same(response.headers.get("Access-Control-Allow-Origin"), origin);
    same(response.headers.get("Access-Control-Allow-Credentials"), "true");
  }
}

async function checksTokens(emulator, environment) {
  const start = await loadedFunction("docs/guide/moving-from-hono-stytch-auth.md", `app.use("/api/*"`, "app, Client");
  const app = new Hono();
  await start(app, Client);
  app.get("/api/me", (c) => c.text(c.get("subject")));
  const send = async (claims) => app.request("/api/me", { headers: await bearer(emulator, claims) }, environment);
  const accepted = await send({ aud: [emulator.consumer.project_id, "https://api.example.com"] });
  same(accepted.status, 200);
  matches(await accepted.text(), /^user-test-/);
  same((await send({})).status, 401, "with a token for another service");
}

/** The header with a Connected App's token. */
async function bearer(emulator, claims) {
  const token = await emulator.token({ kind: "connected_app", claims });
  return { Authorization: `Bearer ${token}` };
}
