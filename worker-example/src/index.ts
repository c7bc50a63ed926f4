// A log-in by e-mail and a guarded page, in one Worker. It keeps nothing: the browser has the session in two cookies,
// and the isolate has the keys that sessions are checked with. page.html has what people see.
import { Client, type Refused, refusal, type Session, type StytchError, withSession } from "stytch-edge";
import page from "./page.html";

type Env = { STYTCH_PROJECT_ID: string; STYTCH_SECRET: string; STYTCH_BASE_URL?: string };
type Visit = { url: URL; env: Env; fetches: number };

const POLICY = "default-src 'self'; script-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
// A session ends an hour after the log-in, or after its JWT was last refreshed.
const session_duration_minutes = 60;
const rules = { session_duration_minutes, clock_tolerance_seconds: 5 };
const guard = { client: stytch, refused, ...rules };
const ROUTES: Record<string, [method: string, handle: (request: Request, visit: Visit) => Promise<Response>]> = {
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
    // Forms on other sites must not log anybody in or out.
    if (method === "POST" && request.headers.get("origin") !== url.origin) return new Response(null, { status: 403 });
    const visit = { url, env, fetches: 0 };
    const response = await handle(request, visit).catch((error) => failed(error, request, visit));
    response.headers.set("cache-control", "no-store");
    return response;
  },
} satisfies ExportedHandler<Env>;

/** A client that counts the fetches made for this visit. Constructing one costs nothing. */
function stytch(visit: Visit) {
  return Client.fromEnv(visit.env, {
    custom_base_url: visit.env.STYTCH_BASE_URL,
    cookies: { secure: visit.url.protocol === "https:" },
    fetch: (to, init) => (visit.fetches++, fetch(to, init)),
  });
}

async function sendLink(request: Request, visit: Visit) {
  const form = await request.formData().catch(() => new FormData());
  const email = String(form.get("email"));
  const link = `${visit.url.origin}/authenticate`;
  const links = { login_magic_link_url: link, signup_magic_link_url: link };
  await stytch(visit).magicLinks.email.loginOrCreate({ email, ...links });
  return show(200, "sent", { email });
}

/** Where links lead to. */
async function logIn(_: Request, visit: Visit) {
  const token = visit.url.searchParams.get("token");
  if (!token) return goOn("/", new Headers());
  const client = stytch(visit);
  return goOn("/me", client.sessionHeaders(await client.magicLinks.authenticate({ token, session_duration_minutes })));
}

function me(_: Request, { session }: { session: Session }, { fetches }: Visit) {
  const email = session.authentication_factors[0]?.email_factor?.email_address;
  const ends = new Date(session.expires_at ?? 0).toUTCString();
  return show(200, "me", { ...session, email, ends, fetches });
}

/** Revokes the session, unless it is gone already. If that cannot be done now, the cookies stay, to try again. */
async function logOut(request: Request, visit: Visit) {
  const client = stytch(visit);
  const verdict = await client.authenticateRequest(request, rules);
  if (verdict.status === "unavailable") return refused(verdict, request, visit);
  if (verdict.status === "authenticated") {
    await client.sessions.revoke({ session_id: verdict.session.session_id }).catch((error) => {
      if (error.error_type !== "session_not_found") throw error;
    });
  }
  return goOn("/", client.clearSessionHeaders());
}

/** What visitors without a session get: a form, unless nobody can tell whether they have one. */
function refused(verdict: Refused, _: Request, { url }: Visit) {
  if (verdict.status === "unavailable") console.error(`nobody can tell who this is: ${verdict.reason}`);
  const answer = refusal(verdict);
  if (url.pathname.startsWith("/api/")) return answer;
  if (answer.status === 503) return show(503, "outage");
  if (url.pathname === "/") return show(200, "form");
  return show(answer.status, "form", { note: "Please log in to see this page." });
}

/** What the API says of an address or a link is for the visitor to read. All else is not their fault: 503. */
function failed(error: Partial<StytchError>, request: Request, visit: Visit) {
  const { error_type = "", error_message: note } = error;
  if (error_type.includes("email")) return show(400, "form", { note });
  if (/magic_link|token/.test(error_type)) return show(401, "form", { note });
  console.error(String(error));
  return refused({ status: "unavailable", reason: "api_unavailable", headers: new Headers() }, request, visit);
}

/** Sends the browser on, with these cookies. */
function goOn(location: string, headers: Headers) {
  headers.set("location", location);
  return new Response(null, { status: 303, headers });
}

/** One `<main>` of the page, with escaped values in place of its {{names}}. */
function show(status: number, id: string, values: Record<string, unknown> = {}) {
  const escape = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  const chosen = page.replace(/<main id="(\w+)">.*?<\/main>\s*/gs, (main, its) => (its === id ? main : ""));
  const filled = chosen.replace(/\{\{(\w+)\}\}/g, (_, name) => escape(String(values[name] ?? "")));
  const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY };
  return new Response(filled, { status, headers });
}
