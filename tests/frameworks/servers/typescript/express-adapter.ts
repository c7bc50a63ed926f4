// The routes of tests/frameworks/adapter-checks.mjs with `stytch-edge/express`.

import express, { type NextFunction, type Request, type Response } from "express";
import { Client } from "stytch-edge";
import { authenticated } from "stytch-edge/express";

const client = Client.fromEnv();
const unreachable = Client.fromEnv(undefined, { custom_base_url: "http://127.0.0.1:9", retries: 0 });
const guard = authenticated(client, { log_in: "/login" });
const optional = authenticated(client, { optional: true });
const admin = authenticated(client, { log_in: "/login", required_claims: { role: "admin" } });
const outage = authenticated(unreachable, { log_in: "/login" });

const app = express();
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
