// The routes of tests/frameworks/adapter-checks.mjs and of checks.mjs.

import { authenticated } from "stytch-edge/nuxt";

import { client, members, unreachable } from "../session";

const log_in = "/login";
const open = authenticated(client, { optional: true });
const guard = authenticated(client, { log_in });
const GUARDS: Record<string, typeof guard> = {
  "/admin": authenticated(client, { log_in, required_claims: { role: "admin" } }),
  "/outage": authenticated(unreachable, { log_in }),
  "/member": authenticated(members),
  "/hidden": authenticated(client, { refused: () => undefined }),
  "/sent": authenticated(client, { refused: (_verdict, event) => sendRedirect(event, "/elsewhere") }),
  "/thrown": authenticated(client, { refused: () => createError({ status: 404 }) }),
};
const PRIVATE = ["/account", "/nested/", "/redirect", "/stream", "/error", "/own-cookie", "/logout", "/cookies", "/clear", "/api/private/"];

export default defineEventHandler((event) => {
  // Pages that are rendered when the app is built have no session.
  if (import.meta.prerender) return;
  const [path] = event.path.split("?") as [string];
  const isGuarded = PRIVATE.some((prefix) => path.startsWith(prefix)) || event.path === "/login";
  return (GUARDS[path] ?? (isGuarded ? guard : open))(event);
});
