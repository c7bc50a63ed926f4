// The members of organizations log in, choose and switch organizations, and enter a second factor. The Worker stores nothing,
// and its pages have no scripts.

import { StytchError } from "stytch-edge";
import { home, security, switchPage, switchTo } from "./account.ts";
import { client, logIn, unavailable } from "./client.ts";
import { createOrganization, logInPage, lost, organizationsPage, recover, registerApp, secondFactorPage } from "./log_in.ts";
import { html, page } from "./page.ts";

type Handler = (request: Request, id: string) => Response | Promise<Response>;

const ROUTES: [path: RegExp, handlers: Record<string, Handler>][] = [
  [/^\/$/, { GET: home }],
  [/^\/login$/, { GET: logInPage }],
  [/^\/organizations$/, { GET: organizationsPage, POST: createOrganization }],
  [/^\/mfa$/, { GET: secondFactorPage }],
  [/^\/mfa\/app$/, { POST: registerApp }],
  [/^\/mfa\/recovery$/, { POST: recover }],
  [/^\/switch$/, { GET: switchPage, POST: switchTo }],
  [/^\/organizations\/([\w-]+)\/security$/, { GET: security, POST: security }],
];

export default {
  fetch: (request) => respond(request).catch(failed),
} satisfies ExportedHandler;

async function respond(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [path, handlers] = ROUTES.find(([path]) => path.test(pathname)) ?? [];
  if (!path || !handlers) return (await logIn(request)) ?? page(404, "Not found", html`<p><a href="/">Start page</a></p>`);
  const handle = Object.hasOwn(handlers, request.method) && handlers[request.method];
  if (!handle) return new Response(null, { status: 405, headers: { allow: Object.keys(handlers).join(", ") } });
  // Forms of other sites must not start, end or change anything.
  if (request.method === "POST" && !client().isSameOrigin(request)) return page(403, "Not allowed", html`<p>The form is not of this site.</p>`);
  return handle(request, path.exec(pathname)?.[1] ?? "");
}

/** Displays a refusal of the API. Every other error is an outage for the user. */
function failed(error: unknown): Response {
  if (!(error instanceof StytchError) || !REFUSALS.includes(error.status_code)) return unavailable(String(error));
  if (error.error_type.startsWith("intermediate_session")) return lost();
  return page(error.status_code, "Not possible", html`<p class="note" role="alert">${error.error_message}</p><p><a href="/">Start page</a></p>`);
}

// Of 401 and 429, the reason is the Worker, not the user.
const REFUSALS = [400, 403, 404, 409];
