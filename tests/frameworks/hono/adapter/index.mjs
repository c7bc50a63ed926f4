// The routes of tests/frameworks/adapter-checks.mjs with `stytch-edge/hono`.

import { Hono } from "hono";
import { B2BClient, Client } from "stytch-edge";
import { authenticated } from "stytch-edge/hono";
import { logInRoutes } from "stytch-edge/routes";

const { ORIGIN: origin, PUBLIC_TOKEN: public_token, STYTCH_BASE_URL: custom_base_url } = process.env;
const client = Client.fromEnv(undefined, { public_token });
const b2b = new B2BClient({
  project_id: process.env.B2B_PROJECT_ID,
  secret: process.env.B2B_SECRET,
  public_token: process.env.B2B_PUBLIC_TOKEN,
  custom_base_url,
});
const unreachable = Client.fromEnv(undefined, { custom_base_url: "http://127.0.0.1:9", retries: 0 });
const guard = authenticated(client, { log_in: "/login" });
const optional = authenticated(client, { optional: true });
const admin = authenticated(client, { log_in: "/login", required_claims: { role: "admin" } });

const own = { origin, methods: { magic_link: true, oauth: ["google"], password: true }, pages: { logged_in: "/home", logged_out: "/goodbye" } };

const app = new Hono();
for (const routes of [
  logInRoutes(client, own),
  logInRoutes(client, { ...own, base: "/confirm", confirm: true }),
  logInRoutes(unreachable, { ...own, base: "/down" }),
  logInRoutes(b2b, { ...own, base: "/b2b", methods: { ...own.methods, sso: true, mfa: ["totp"] } }),
]) {
  app.use(async (c, next) => (await routes(c.req.raw)) ?? next());
}
app.get("/member", authenticated(b2b), (c) => c.text(`Hello ${c.get("session").member_id}`));
const nested = new Hono();
nested.get("/me", guard, (c) => c.text(`Hello ${c.get("session").user_id}`));
app.route("/nested", nested);
app.all("/account", guard, (c) => c.text(`Hello ${c.get("session").user_id} ${c.get("verdict").status === "authenticated"}`));
app.get("/redirect", guard, (c) => c.redirect("/elsewhere"));
app.get("/stream", guard, (c) => new Response(new Blob([`Hello ${c.get("session").user_id}`]).stream()));
app.get("/error", guard, () => {
  throw new Error("broken");
});
app.get("/own-cookie", guard, () => new Response("own", { headers: { "Set-Cookie": "theme=dark", "Cache-Control": "public" } }));
app.get("/logout", guard, () => new Response("out", { headers: client.clearSessionHeaders() }));
app.get("/public", optional, (c) => c.text(`Hello ${c.get("session")?.user_id ?? "you"}`));
app.get("/admin", admin, (c) => c.text("admin"));
app.get("/outage", authenticated(unreachable, { log_in: "/login" }), (c) => c.text("never"));
app.get("/login", guard, (c) => c.text("never"));
app.onError((error, c) => c.text(error.message, 500));
export default app;
