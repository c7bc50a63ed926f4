// The routes of tests/frameworks/adapter-checks.mjs with `stytch-edge/express`.

import express, { type NextFunction, type Request, type Response } from "express";
import { B2BClient, Client } from "stytch-edge";
import { authenticated, logInRoutes } from "stytch-edge/express";

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

const app = express();
app.use(logInRoutes(client, own));
app.use(logInRoutes(client, { ...own, base: "/confirm", confirm: true }));
app.use(logInRoutes(unreachable, { ...own, base: "/down" }));
// A parser that runs first.
app.use(express.urlencoded({ extended: true }));
app.use(logInRoutes(b2b, { ...own, base: "/b2b", methods: { ...own.methods, sso: true, mfa: ["totp"] } }));
app.get("/member", members, (request, response) => void response.send(`Hello ${members.session(request).member_id}`));
const nested = express.Router();
nested.get("/me", guard, (request, response) => void response.send(`Hello ${guard.session(request).user_id}`));
app.use("/nested", nested);
app.all("/account", guard, (request, response) => {
  const id: string = guard.session(request).user_id;
  response.send(`Hello ${id} ${response.locals.session.user_id === id}`);
});
app.get("/redirect", guard, (_request, response) => response.redirect("/elsewhere"));
app.get("/stream", guard, (request, response) => {
  response.write("Hello ");
  response.end(guard.session(request).user_id);
});
app.get("/error", guard, () => {
  throw new Error("broken");
});
app.get("/own-cookie", guard, (_request, response) => {
  response.writeHead(200, { "Set-Cookie": "theme=dark", "Cache-Control": "public" });
  response.end("own");
});
app.get("/logout", guard, (_request, response) => {
  for (const [name, value] of client.clearSessionHeaders()) response.append(name, value);
  response.send("out");
});
app.get("/public", optional, (request, response) => void response.send(`Hello ${optional.session(request)?.user_id ?? "you"}`));
app.get("/admin", admin, (_request, response) => void response.send("admin"));
app.get("/outage", outage, (_request, response) => void response.send("never"));
app.get("/login", guard, (_request, response) => void response.send("never"));
app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
  response.status(500).send(error.message);
});
app.listen(Number(process.env.PORT), "127.0.0.1");
