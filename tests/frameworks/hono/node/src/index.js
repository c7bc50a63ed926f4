import { Hono } from "hono";
import { Client } from "stytch-edge";
import { authenticated } from "stytch-edge/hono";

const client = Client.fromEnv(process.env);
const app = new Hono();
app.use("/private/*", authenticated(client));
app.get("/private/me", (c) => c.text(`Hello ${c.get("session").user_id}`));

export default app;
