import { defineMiddleware, sequence } from "astro:middleware";
import { authenticated, logInRoutes } from "stytch-edge/astro";
import { client } from "./session";

const guard = authenticated(client, { log_in: "/login" });
const open = authenticated(client, { optional: true });

export const onRequest = sequence(
  logInRoutes(client, { origin: "https://app.example.com", methods: { magic_link: true } }),
  defineMiddleware((context, next) => (context.routePattern.startsWith("/account") ? guard : open)(context, next)),
);
