// A log-in by e-mail and a guarded page, in one Worker. The Worker stores nothing: the browser keeps the session in two
// cookies, and the isolate state contains the keys that verify sessions. page.html contains the HTML of the pages.
import { Client, type Refused, refusal, type Session, type StytchError, withSession } from "stytch-edge";
import page from "./page.html";

type Env = { STYTCH_PROJECT_ID: string; STYTCH_SECRET: string; STYTCH_BASE_URL?: string };
type Context = { url: URL; env: Env; fetches: number };

const POLICY = "default-src 'self'; script-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
// A session ends 60 minutes after the log-in, or after the last refresh of its JWT.
const session_duration_minutes = 60;
const rules = { session_duration_minutes, clock_tolerance_seconds: 5 };
const guard = { client: stytch, refused, ...rules };
const ROUTES: Record<string, [method: string, handle: (request: Request, context: Context) => Promise<Response>]> = {
  "/": ["GET", withSession(me, guard)],
  "/login": ["POST", sendLink],
  "/authenticate": ["GET", logIn],
  "/me": ["GET", withSession(me, guard)],
  "/api/me": ["GET", withSession((_, { session }) => Response.json(session), guard)],
  "/logout": ["POST", logOut],
};

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const [method, handle] = ROUTES[url.pathname] ?? [];
    if (!method || !handle) return new Response("not found\n", { status: 404 });
    if (request.method !== method) return new Response(null, { status: 405, headers: { allow: method } });
    // Forms on other sites must not log users in or out.
    if (method === "POST" && request.headers.get("origin") !== url.origin) return new Response(null, { status: 403 });
    const context = { url, env, fetches: 0 };
    const response = await handle(request, context).catch((error) => failed(error, request, context));
    response.headers.set("cache-control", "no-store");
    return response;
  },
} satisfies ExportedHandler<Env>;

/** Creates a client that counts the fetches for this request. Creating a client does not send a request. */
function stytch(context: Context) {
  return Client.fromEnv(context.env, {
    custom_base_url: context.env.STYTCH_BASE_URL,
    cookies: { secure: context.url.protocol === "https:" },
    fetch: (to, init) => (context.fetches++, fetch(to, init)),
  });
}

async function sendLink(request: Request, context: Context) {
  const form = await request.formData().catch(() => new FormData());
  const email = String(form.get("email"));
  const link = `${context.url.origin}/authenticate`;
  const links = { login_magic_link_url: link, signup_magic_link_url: link };
  await stytch(context).magicLinks.email.loginOrCreate({ email, ...links });
  return show(200, "sent", { email });
}

/** The target of magic links. */
async function logIn(_: Request, context: Context) {
  const token = context.url.searchParams.get("token");
  if (!token) return redirect("/", new Headers());
  const client = stytch(context);
  const result = await client.magicLinks.authenticate({ token, session_duration_minutes });
  return redirect("/me", client.sessionHeaders(result));
}

function me(_: Request, { session }: { session: Session }, { fetches }: Context) {
  const email = session.authentication_factors[0]?.email_factor?.email_address;
  const ends = new Date(session.expires_at ?? 0).toUTCString();
  return show(200, "me", { ...session, email, ends, fetches });
}

/** Revokes the session, unless it has already ended. In an outage, the cookies stay for another attempt. */
async function logOut(request: Request, context: Context) {
  const client = stytch(context);
  const verdict = await client.authenticateRequest(request, rules);
  if (verdict.status === "unavailable") return refused(verdict, request, context);
  if (verdict.status === "authenticated") {
    await client.sessions.revoke({ session_id: verdict.session.session_id }).catch((error) => {
      if (error.error_type !== "session_not_found") throw error;
    });
  }
  return redirect("/", client.clearSessionHeaders());
}

/** The response without a verified session: the log-in form, or 503 if the session cannot be checked. */
function refused(verdict: Refused, _: Request, { url }: Context) {
  if (verdict.status === "unavailable") console.error(`cannot check the session: ${verdict.reason}`);
  const answer = refusal(verdict);
  if (url.pathname.startsWith("/api/")) return answer;
  if (answer.status === 503) return show(503, "outage");
  if (url.pathname === "/") return show(200, "form");
  return show(answer.status, "form", { note: "Please log in to see this page." });
}

/** Displays the API's message about an address or a link to the user. For any other error, the status is 503. */
function failed(error: Partial<StytchError>, request: Request, context: Context) {
  const { error_type = "", error_message: note } = error;
  if (error_type.includes("email")) return show(400, "form", { note });
  if (/magic_link|token/.test(error_type)) return show(401, "form", { note });
  console.error(String(error));
  return refused({ status: "unavailable", reason: "api_unavailable", headers: new Headers(), cookies: [] }, request, context);
}

/** Redirects the browser and sets these cookies. */
function redirect(location: string, headers: Headers) {
  headers.set("location", location);
  return new Response(null, { status: 303, headers });
}

/** Renders one `<main>` of the page. Escaped values replace its {{names}}. */
function show(status: number, id: string, values: Record<string, unknown> = {}) {
  const escape = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  const chosen = page.replace(/<main id="(\w+)">.*?<\/main>\s*/gs, (main, its) => (its === id ? main : ""));
  const filled = chosen.replace(/\{\{(\w+)\}\}/g, (_, name) => escape(String(values[name] ?? "")));
  const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY };
  return new Response(filled, { status, headers });
}
