// The routes of tests/frameworks/adapter-checks.mjs with `stytch-edge/fastify`.

import { Readable } from "node:stream";

import fastify from "fastify";
import { B2BClient, Client } from "stytch-edge";
import { authenticated, logInRoutes } from "stytch-edge/fastify";

const { ORIGIN: origin = "", PUBLIC_TOKEN: public_token, STYTCH_BASE_URL: custom_base_url, B2B_PROJECT_ID, B2B_SECRET, B2B_PUBLIC_TOKEN } = process.env;
const client = Client.fromEnv(undefined, { public_token });
const b2b = new B2BClient({ project_id: B2B_PROJECT_ID ?? "", secret: B2B_SECRET ?? "", public_token: B2B_PUBLIC_TOKEN, custom_base_url });
const unreachable = Client.fromEnv(undefined, { custom_base_url: "http://127.0.0.1:9", retries: 0 });
const guard = authenticated(client, { log_in: "/login" });
const optional = authenticated(client, { optional: true });
const admin = authenticated(client, { log_in: "/login", required_claims: { role: "admin" } });
const members = authenticated(b2b);
const own = { origin, methods: { magic_link: true, oauth: ["google"], password: true }, pages: { logged_in: "/home", logged_out: "/goodbye" } };
const outage = authenticated(unreachable, { log_in: "/login" });

const app = fastify();
app.addHook("onRequest", logInRoutes(client, own));
app.addHook("onRequest", logInRoutes(client, { ...own, base: "/confirm", confirm: true }));
app.addHook("onRequest", logInRoutes(unreachable, { ...own, base: "/down" }));
app.addHook("onRequest", logInRoutes(b2b, { ...own, base: "/b2b", methods: { ...own.methods, sso: true, mfa: ["totp"] } }));
app.get("/member", { onRequest: members }, async (request) => `Hello ${members.session(request).member_id}`);
app.register(async (nested) => {
  nested.addHook("onRequest", guard);
  nested.get("/me", async (request) => `Hello ${guard.session(request).user_id}`);
}, { prefix: "/nested" });
app.all("/account", { onRequest: guard }, async (request) => {
  const id: string = guard.session(request).user_id;
  return `Hello ${id} true`;
});
app.get("/redirect", { onRequest: guard }, (_request, reply) => reply.redirect("/elsewhere"));
app.get("/stream", { onRequest: guard }, (request, reply) => reply.send(Readable.from(["Hello ", guard.session(request).user_id])));
app.get("/error", { onRequest: guard }, async () => {
  throw new Error("broken");
});
app.get("/own-cookie", { onRequest: guard }, (_request, reply) => {
  reply.raw.writeHead(200, { "Set-Cookie": "theme=dark", "Cache-Control": "public" });
  reply.raw.end("own");
  return reply.hijack();
});
app.get("/logout", { onRequest: guard }, async (_request, reply) => {
  for (const [name, value] of client.clearSessionHeaders()) reply.header(name, value);
  return "out";
});
app.get("/public", { onRequest: optional }, async (request) => `Hello ${optional.session(request)?.user_id ?? "you"}`);
app.get("/admin", { preHandler: admin }, async () => "admin");
app.get("/outage", { onRequest: outage }, async () => "never");
app.get("/login", { onRequest: guard }, async () => "never");
await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
