import { Hono } from "hono";
import { Client } from "stytch-edge";
import { authenticated } from "stytch-edge/hono";

const app = new Hono();
app.use("/private/*", authenticated((c) => Client.fromEnv(c.env)));
app.get("/private/me", (c) => c.text(`Hello ${c.get("session").user_id}`));
app.get("/ready", async (c) => {
  await Client.fromEnv(c.env).loadKeys();
  return c.text("ready");
});
app.onError((error, c) => c.text(error.message, 500));

export default app;
