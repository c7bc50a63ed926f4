// The request handlers of the documents that are not servers: the log-in, a service for Connected Apps, and middleware of
// Hono. They run in this process and use the emulator as the API.

import { randomUUID } from "node:crypto";

import { Hono } from "hono";
import { cors } from "hono/cors";
import { B2BClient, Client, withSession } from "stytch-edge";
import { authenticated } from "stytch-edge/hono";
import { authenticated as guardOfRoutes } from "stytch-edge/react-router";
import { logInRoutes } from "stytch-edge/routes";

import { deepSame, failure, matches, ok, same } from "../conformance/assert.js";
import { loadedFunction, loadedModule } from "./loaded.mjs";

/** Tests of the handlers, by name. `environment` has the variables of a client of this emulator. */
export function handlerTests(emulator, environment) {
  const client = Client.fromEnv(environment);
  return {
    "the Worker of the README logs a user in and out": () => servesLogIns("README.md", emulator, environment),
    "the Worker of log-in.md logs a user in and out": () => servesLogIns("docs/guide/log-in.md", emulator, environment),
    "logInRoutes names the option that is wrong": () => refusesOptions(client),
    "the parts of log-in.md log a user in and out": () => usesRoutes(emulator, client),
    "the form of log-in.md exchanges an intermediate session": () =>
      selectsOrganization(emulator, new B2BClient({ ...emulator.b2b, custom_base_url: emulator.url })),
    "the service of connected-apps.md accepts tokens of its audience with its scope": () => servesApps(emulator, client),
    "the middleware of sessions-and-cookies.md answers preflights before the check": () => sharesWithOrigin(emulator, environment),
    "a guarded log-in page is not redirected to itself": () => leadsElsewhere(),
    "the middleware of React Router does not run the route if refused returns no response": () => refusesWithoutResponse(),
    "the middleware of React Router keeps sessions apart if requests share a context": () => keepsSessionsApart(),
    "the middleware of moving-from-hono-stytch-auth.md accepts tokens of its audience": () => checksTokens(emulator, environment),
  };
}

async function refusesOptions(client) {
  const own = { origin: "https://app.example.com", methods: {} };
  for (const [options, message] of [
    [undefined, /origin must be an https origin/],
    [{ ...own, origin: "https://app.example.com/" }, /origin must be/],
    [{ ...own, origin: "http://app.example.com" }, /origin must be/],
    [{ ...own, origin: "https://evil.example@app.example.com" }, /origin must be/],
    [{ ...own, base: "auth" }, /base must be a path/],
    [{ ...own, base: "/" }, /base must be a path/],
    [{ ...own, log_in: "//evil.example" }, /log_in must be a path/],
    [{ ...own, pages: { logged_in: "https://evil.example" } }, /logged_in must be a path/],
    [{ ...own, pages: { refused: "/" } }, /unknown option "refused" of logInRoutes: pages/],
    [{ ...own, confirm: "yes" }, /confirm must be a boolean/],
    [{ origin: own.origin }, /methods is required/],
    [{ ...own, method: {} }, /unknown option "method" of logInRoutes/],
    [{ ...own, methods: { magic_link: "yes" } }, /methods.magic_link must be a boolean/],
    [{ ...own, methods: { oauth: "google" } }, /methods.oauth must be a list of providers/],
    [{ ...own, methods: { oauth: ["a/b"] } }, /methods.oauth must be/],
    [{ ...own, methods: { mfa: ["email"] } }, /methods.mfa must be/],
    [{ ...own, methods: { passkeys: true } }, /unknown option "passkeys" of logInRoutes: methods/],
  ]) {
    const error = await failure(() => logInRoutes(client, options), String(message));
    same(error.code, "invalid_argument");
    matches(error.message, message);
  }
  const other = logInRoutes(() => ok(false, "no client is made"), own);
  for (const url of ["https://app.example.com/", "https://app.example.com/auth/magic-link"]) same(await other(new Request(url)), undefined);
}

/** The Worker of a document, from the form to the log-out. */
async function servesLogIns(document, emulator, environment) {
  const { default: worker } = await loadedModule(document, "const logIn = logInRoutes");
  const [origin, email] = ["https://app.example.com", `erin.${randomUUID()}@example.com`];
  const form = (path, fields, headers) =>
    worker.fetch(new Request(origin + path, { method: "POST", body: new URLSearchParams(fields), headers: { origin, accept: "text/html", ...headers } }), environment);
  const sent = await form("/auth/magic-link", { email, return_to: "/inbox" });
  deepSame([sent.status, sent.headers.get("location")], [303, "/login?sent=1"]);
  const { url } = await emulator.messageTo(email);
  ok(url.startsWith(`${origin}/auth/callback?`), url);
  const opened = await worker.fetch(new Request(url, { headers: { cookie: cookiesOf(sent) } }), environment);
  deepSame([opened.status, opened.headers.get("location")], [303, "/inbox"]);
  const cookie = cookiesOf(opened);
  const inbox = () => worker.fetch(new Request(`${origin}/inbox`, { headers: { cookie } }), environment);
  matches(await (await inbox()).text(), /^Hello user-test-/);
  const out = await form("/auth/log-out", {}, { cookie });
  deepSame([out.status, out.headers.get("location"), cookiesOf(out)], [303, "/", ""]);
  same((await worker.fetch(new Request(`${origin}/inbox`), environment)).status, 401);
}

/** The parts of log-in.md, from the form to the log-out. */
async function usesRoutes(emulator, client) {
  const { ownRoutes } = await loadedModule("docs/guide/log-in.md", "function ownRoutes");
  const [origin, email] = ["https://app.example.com", "carol@example.com"];
  const send = (path, init) => ownRoutes(new Request(origin + path, init), client);
  const sent = await send("/login", { method: "POST", body: new URLSearchParams({ email }) });
  const path = linkIn(await emulator.messageTo(email)).replace("/authenticate", "/callback");
  const opened = await send(path, { headers: { cookie: cookiesOf(sent) } });
  deepSame([opened.status, opened.headers.get("location")], [303, "/inbox"]);
  const cookie = cookiesOf(opened);
  same((await client.authenticateRequest({ headers: { Cookie: cookie } })).status, "authenticated");
  same((await send("/log-out", { method: "POST", headers: { cookie, origin: "https://evil.example" } })).status, 403);
  const out = await send("/log-out", { method: "POST", headers: { cookie, origin } });
  deepSame([out.status, out.headers.get("location"), cookiesOf(out)], [303, "/", ""]);
  const verdict = await client.authenticateRequest({ headers: { Cookie: cookie } }, { max_token_age_seconds: 0 });
  deepSame([verdict.status, verdict.reason], ["unauthenticated", "session_not_found"]);
  same(await send("/other"), undefined);
}

/** The exchange of log-in.md. */
async function selectsOrganization(emulator, client) {
  const { selectOrganization } = await loadedModule("docs/guide/log-in.md", "function selectOrganization");
  const email_address = "dave@example.com";
  const { organization } = await client.organizations.create({ organization_name: "Acme" });
  const { organization_id } = organization;
  await client.organizations.members.create({ organization_id, email_address });
  const get = (url, cookie = "") => ({ method: "GET", url, headers: { cookie } });
  const started = client.startLogin(get("/login"), { method: "discovery", return_to: "/inbox" });
  await client.magicLinks.email.discovery.send({ email_address, pkce_code_challenge: started.code_challenge });
  const path = linkIn(await emulator.messageTo(email_address));
  const found = await client.handleCallback(get(path, cookiesOf(started)));
  same(found.status, "needs_organization");
  const form = { method: "POST", body: new URLSearchParams({ organization_id }), headers: { cookie: cookiesOf(found) } };
  const selected = await selectOrganization(new Request("https://app.example.com/organizations", form), client);
  deepSame([selected.status, selected.headers.get("location")], [303, "/inbox"]);
  const verdict = await client.authenticateRequest({ headers: { Cookie: cookiesOf(selected) } });
  same(verdict.member_session.organization_id, organization_id);
}

/** The Cookie header of a browser that has got a response. */
function cookiesOf({ headers }) {
  const kept = headers.getSetCookie().filter((line) => !line.includes("Max-Age=0"));
  return kept.map((line) => line.split(";", 1)[0]).join("; ");
}

/** The path and the query of the link of an email. */
function linkIn({ url }) {
  const { pathname, search } = new URL(url);
  return pathname + search;
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

async function leadsElsewhere() {
  const client = { authenticateRequest: async () => ANONYMOUS };
  for (const [log_in, url, status] of [
    ["/login", "https://app.example.com/login", 401],
    ["/login?a=b", "https://app.example.com/login?return_to=%2Flogin", 401],
    ["https://app.example.com/login?a=b", "https://app.example.com/login", 401],
    ["https://app.example.com", "https://app.example.com/?return_to=%2F", 401],
    ["https://login.example.com/login", "https://app.example.com/login", 303],
    ["https://app.example.com/login", "https://app.example.com/login/me", 303],
    ["/", "https://app.example.com/login", 303],
  ]) {
    const headers = { accept: "text/html", host: new URL(url).host };
    const answer = await withSession(() => ok(false, "the handler runs"), { client, log_in })(new Request(url, { headers }));
    same(answer.status, status, `${url} with ${log_in}`);
  }
}

async function refusesWithoutResponse() {
  const client = { authenticateRequest: async () => ANONYMOUS };
  for (const value of [undefined, null, {}, "no", 401]) {
    const guard = guardOfRoutes(client, { refused: async () => value });
    const its = { request: new Request("https://app.example.com/"), context: new Map() };
    // React Router runs the route if a middleware returns something else than a response.
    const error = await failure(() => guard(its, () => ok(false, "the route runs")), String(value));
    deepSame([error.code, error.message], ["invalid_argument", "invalid_argument: refused must return a Response"]);
  }
}

async function keepsSessionsApart() {
  const [user, context] = [{ status: "authenticated", session: { user_id: "user-test-1" }, cookies: [] }, new Map()];
  const client = {
    authenticateRequest: async ({ headers }) => {
      const jwt = /jwt=(\w+)/.exec(headers.get("cookie"))?.[1];
      if (jwt === "expired") return { ...user, headers: new Headers({ "set-cookie": "jwt=fresh; Path=/" }) };
      return jwt === "fresh" ? { ...user, headers: new Headers() } : ANONYMOUS;
    },
  };
  const guard = guardOfRoutes(client);
  const run = async (request) => (await guard({ request, context }, async () => new Response("Hello"))).status;
  const request = new Request("https://app.example.com/", { headers: { cookie: "jwt=expired" } });
  deepSame([await run(request), await run(request)], [200, 200]);
  same(await run(new Request("https://app.example.com/")), 401, "a request without cookies");
}

const ANONYMOUS = { status: "unauthenticated", reason: "no_credentials", headers: new Headers(), cookies: [] };

/** The header with a Connected App's token. */
async function bearer(emulator, claims) {
  const token = await emulator.token({ kind: "connected_app", claims });
  return { Authorization: `Bearer ${token}` };
}
