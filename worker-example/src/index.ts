// A log-in by e-mail and a guarded page, in one Worker. It keeps nothing: the browser has the session in two cookies,
// and the isolate has the keys that sessions are checked with. page.html has what people see.
import { Client, type ClientError, type StytchError } from "stytch-edge";
import page from "./page.html";

type Env = { STYTCH_PROJECT_ID: string; STYTCH_SECRET: string; STYTCH_BASE_URL?: string };
type Visit = { request: Request; url: URL; env: Env; fetches: number };
const session_duration_minutes = 60;
const POLICY = "default-src 'self'; script-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const ROUTES: Record<string, [method: string, handle: (visit: Visit) => Promise<Response>]> = {
  "/": ["GET", async (visit) => (cookie(visit, "stytch_session_jwt") ? me(visit) : show(200, "form"))],
  "/login": ["POST", sendLink],
  "/authenticate": ["GET", authenticate],
  "/me": ["GET", me],
  "/api/me": ["GET", async (visit) => Response.json(await session(visit))],
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
    const visit = { request, url, env, fetches: 0 };
    const response = await handle(visit).catch((error) => fail(visit, error));
    response.headers.set("cache-control", "no-store");
    return response;
  },
} satisfies ExportedHandler<Env>;

async function sendLink(visit: Visit) {
  const form = await visit.request.formData().catch(() => new FormData());
  const email = String(form.get("email"));
  const link = `${visit.url.origin}/authenticate`;
  const links = { login_magic_link_url: link, signup_magic_link_url: link };
  await stytch(visit).magicLinks.email.loginOrCreate({ email, ...links });
  return show(200, "sent", { email });
}

/** Where links lead to. Whoever comes without one gets a new JWT for the session they have: each lives five minutes. */
async function authenticate(visit: Visit) {
  const token = visit.url.searchParams.get("token");
  const session_token = cookie(visit, "stytch_session");
  const answer = token
    ? stytch(visit).magicLinks.authenticate({ token, session_duration_minutes })
    : stytch(visit).sessions.authenticate({ session_token, session_duration_minutes });
  return leave(visit, "/me", await answer);
}

async function me(visit: Visit) {
  const own = await session(visit);
  const email = own.authentication_factors[0]?.email_factor?.email_address;
  return show(200, "me", { ...own, email, ends: new Date(own.expires_at ?? 0).toUTCString(), fetches: visit.fetches });
}

/** Revokes the session, unless it is gone already. If that cannot be done now, the cookies stay, to try again. */
async function logOut(visit: Visit) {
  const session_token = cookie(visit, "stytch_session");
  const revoked = session_token && stytch(visit).sessions.revoke({ session_token });
  await Promise.resolve(revoked).catch((error) => {
    if (judge(error).status !== 401) throw error;
  });
  return leave(visit, "/");
}

/** A client that counts the fetches made for this visit. */
function stytch(visit: Visit) {
  const counted = (to: string, init: RequestInit) => (visit.fetches++, fetch(to, init));
  return Client.fromEnv(visit.env, { custom_base_url: visit.env.STYTCH_BASE_URL, fetch: counted });
}

/** The visitor's session, checked right here: the key set is all that may be fetched. */
async function session(visit: Visit) {
  const session_jwt = cookie(visit, "stytch_session_jwt");
  return stytch(visit).sessions.authenticateJwtLocal({ session_jwt, clock_tolerance_seconds: 5 });
}

function cookie(visit: Visit, name: string) {
  const cookies = visit.request.headers.get("cookie")?.split("; ") ?? [];
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

/** Sends the browser on, with these tokens in its cookies, or with none. */
function leave(visit: Visit, location: string, tokens = { session_token: "", session_jwt: "" }) {
  const age = tokens.session_token ? session_duration_minutes * 60 : 0;
  const rest = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${visit.url.protocol === "https:" ? "; Secure" : ""}`;
  const headers = new Headers({ location });
  headers.append("set-cookie", `stytch_session=${tokens.session_token}; ${rest}`);
  headers.append("set-cookie", `stytch_session_jwt=${tokens.session_jwt}; ${rest}`);
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

function fail(visit: Visit, error: Partial<ClientError & StytchError>) {
  const { status, reason, note } = judge(error);
  if (status === 503) console.error(String(error));
  if (visit.url.pathname.startsWith("/api/")) return Response.json({ reason }, { status });
  const renewable = reason === "expired" && cookie(visit, "stytch_session");
  if (renewable) return new Response(null, { status: 303, headers: { location: "/authenticate" } });
  return show(status, status === 503 ? "outage" : "form", { note });
}

/** 400 and 401 are verdicts on what a visitor brought. All else is not their fault: 503. */
function judge({ code, reason, error_type: type = "", error_message: note }: Partial<ClientError & StytchError>) {
  if (code?.startsWith("jwt_")) return { status: 401, reason, note: "Please log in to see this page." };
  if (type.includes("email")) return { status: 400, reason: type, note };
  if (/magic_link|token|session/.test(type)) return { status: 401, reason: type, note };
  return { status: 503, reason: code === "jwks_unavailable" ? "keys_unavailable" : "internal" };
}
