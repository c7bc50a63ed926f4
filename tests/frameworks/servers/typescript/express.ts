import express from "express";
import { Client } from "stytch-edge";
import { authenticated } from "stytch-edge/express";

const guard = authenticated(Client.fromEnv(), { log_in: "/login" });

const app = express();
app.get("/me", guard, (request, response) => {
  response.send(`Hello ${guard.session(request).user_id}`);
});
app.listen(Number(process.env.PORT), "127.0.0.1");
