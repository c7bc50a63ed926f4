// The routes of tests/frameworks/adapter-checks.mjs and tests/frameworks/log-in-checks.mjs, and those of checks.mjs.

import { defineMiddleware, sequence } from "astro:middleware";
import { authenticated, logInRoutes } from "stytch-edge/astro";

import { env } from "./environment";
import { client, members, options, unreachable } from "./session";

const log_in = "/login";
const open = authenticated(client, { optional: true });
const guard = authenticated(client, { log_in });
const GUARDS: Record<string, typeof guard> = {
  "/admin": authenticated(client, { log_in, required_claims: { role: "admin" } }),
  "/outage": authenticated(unreachable, { log_in }),
  "/member": authenticated(members),
  "/hidden": authenticated(client, { refused: (_verdict, context) => context.rewrite("/404") }),
};
const PRIVATE = ["/account", "/nested/me", "/redirect", "/stream", "/error", "/own-cookie", "/logout", "/theme", "/clear", "/missing", "/rewritten", "/next"];
// A build with this variable fails: the page is prerendered, so it would be public.
if (env.GUARD_STILL) PRIVATE.push("/still");

const session = defineMiddleware((context, next) => {
  const { pathname, searchParams } = context.url;
  const { routePattern } = context;
  const isGuarded = PRIVATE.some((path) => routePattern.startsWith(path)) || (pathname === "/login" && !searchParams.has("return_to"));
  return (GUARDS[routePattern] ?? (isGuarded ? guard : open))(context, next);
});
const rewrites = defineMiddleware(({ url }, next) => next(url.pathname === "/next" ? "/public" : undefined));

export const onRequest = sequence(
  logInRoutes(client, options),
  logInRoutes(client, { ...options, base: "/confirm", confirm: true }),
  logInRoutes(unreachable, { ...options, base: "/down" }),
  logInRoutes(members, { ...options, base: "/b2b", methods: { ...options.methods, sso: true, mfa: ["totp"] } }),
  session,
  rewrites,
);
