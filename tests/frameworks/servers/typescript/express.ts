import express from "express";
import { Client } from "stytch-edge";

const client = Client.fromEnv(process.env);
const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

const app = express();
app.use(async (request, response, next) => {
  const verdict = await client.authenticateRequest(request);
  for (const [name, value] of verdict.headers) response.append(name, value);
  if (verdict.status !== "authenticated") return response.status(STATUS[verdict.status]).send("Log in first");
  response.locals.session = verdict.session;
  next();
});
app.get("/me", (_request, response) => {
  response.send(`Hello ${response.locals.session.user_id}`);
});
app.listen(Number(process.env.PORT), "127.0.0.1");
