// The client, its log-in routes, and the guard of the pages that need a session.

import { env, waitUntil } from "cloudflare:workers";
import { B2BClient, type Refused } from "stytch-edge";
import { logInRoutes } from "stytch-edge/routes";
import { html, page, redirect } from "./page.ts";

/** Creates the client. It is cheap, and sends no request. All clients of an isolate share keys and policies. */
export const client = () =>
  B2BClient.fromEnv(env, {
    public_token: env.STYTCH_PUBLIC_TOKEN,
    cookies: { mode: "server", secure: env.ORIGIN.startsWith("https:") },
  });

/** A session ends 60 minutes after the log-in, or after the last refresh of its JWT. */
export const session_duration_minutes = 60;

/** The pages of a log-in that has not ended. */
export const pages = { needs_organization: "/organizations", needs_mfa: "/mfa", refused: "/login" };

/** `/auth/...`: e-mails, OAuth, the choice of an organization, codes, and the log-out. */
export const logIn = logInRoutes(client, {
  origin: env.ORIGIN,
  methods: { magic_link: true, oauth: ["google"], mfa: ["totp"] },
  pages: { needs_organization: pages.needs_organization, needs_mfa: pages.needs_mfa, logged_out: "/login" },
  session_duration_minutes,
});

/** The options of `withSession`. */
export const guard = { client, refused, session_duration_minutes, clock_tolerance_seconds: 5, wait_until: waitUntil };

/** The response without a session, or to a member who may not see the page. */
function refused({ status, reason }: Refused, { method, url }: Request): Response {
  if (status === "unavailable") return unavailable(reason);
  if (status === "forbidden") return page(403, "Not allowed", html`<p>Your role in this organization does not allow this.</p>`);
  const { pathname, search } = new URL(url);
  // After the log-in, a browser cannot repeat a form.
  const back = method === "GET" && pathname !== "/" ? `?${new URLSearchParams({ return_to: pathname + search })}` : "";
  return redirect(`/login${back}`);
}

/** The response during an outage. The cookies are kept. */
export function unavailable(reason: string): Response {
  console.error(`unavailable: ${reason}`);
  const response = page(503, "Temporarily unavailable", html`<p>You are still logged in. Please try again in a moment.</p>`);
  response.headers.set("retry-after", "5");
  return response;
}
