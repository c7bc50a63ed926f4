// The routes of tests/frameworks/adapter-checks.mjs and tests/frameworks/log-in-checks.mjs with `stytch-edge/sveltekit`.

import { sequence, type Handle } from "@sveltejs/kit/hooks";
import { authenticated, logInRoutes } from "stytch-edge/sveltekit";

import { client, members, options, unreachable } from "./session.server";

const guard = authenticated(client, { log_in: "/login" });
const optional = authenticated(client, { optional: true });

const GUARDS: Record<string, Handle> = {
  "/public": optional,
  "/twice": sequence(optional, guard),
  "/start": optional,
  "/admin": authenticated(client, { log_in: "/login", required_claims: { role: "admin" } }),
  "/outage": authenticated(unreachable, { log_in: "/login" }),
  "/member": authenticated(members),
  "/refused": authenticated(client, { refused: (_verdict, { url }) => Response.redirect(new URL("/start", url)) }),
};

export const handle = sequence(
  logInRoutes(client, options),
  logInRoutes(client, { ...options, base: "/confirm", confirm: true }),
  logInRoutes(unreachable, { ...options, base: "/down" }),
  logInRoutes(members, { ...options, base: "/b2b", methods: { ...options.methods, sso: true, mfa: ["totp"] } }),
  (input) => {
    const { url, route, isRemoteRequest } = input.event;
    // The page to which redirects lead.
    if (url.pathname === "/login" && url.searchParams.has("return_to")) return input.resolve(input.event);
    // Paths without a route. Remote functions do not have one either.
    if (route.id === null && !isRemoteRequest) return input.resolve(input.event);
    return (GUARDS[url.pathname] ?? guard)(input);
  },
);
