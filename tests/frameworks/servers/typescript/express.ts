import express from "express";
import { Client } from "stytch-edge";
import { authenticated, logInRoutes } from "stytch-edge/express";

const client = Client.fromEnv();
const guard = authenticated(client, { log_in: "/login" });

const app = express();
app.use(logInRoutes(client, { origin: "https://app.example.com", methods: { magic_link: true } }));
app.get("/me", guard, (request, response) => {
  response.send(`Hello ${guard.session(request).user_id}`);
});
app.listen(Number(process.env.PORT), "127.0.0.1");
