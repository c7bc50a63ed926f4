// Guarded handlers and verifiers in an ES module of TypeScript. The file is compiled and never
// run. Lines that must not compile have a directive.

import { Hono } from "hono";
import { B2BClient, Client, refusal, withSession } from "stytch-edge";
import type { MemberSession, Refused, Session } from "stytch-edge";
import { authenticated as guardedAstro, logInRoutes as logInRoutesOfAstro, type AstroMiddleware, type OptionalSessionLocals as OptionalAstroLocals, type SessionLocals as AstroLocals } from "stytch-edge/astro";
import { authenticated as guardedExpress, logInRoutes as expressRoutes } from "stytch-edge/express";
import { authenticated as guardedFastify } from "stytch-edge/fastify";
import { authenticated, type OptionalSessionVariables, type SessionVariables } from "stytch-edge/hono";
import { guardRoute, logInRoutes as logInRoutesOfNext, logOut, requireSession, session as sessionOfNext, sessionProxy, setCookies } from "stytch-edge/next";
import { authenticated as guardedNuxt, logInRoutes as logInRoutesOfNuxt, type OptionalSessionContext, type ServerMiddleware, type SessionContext } from "stytch-edge/nuxt";
import { telemetry, type Telemetry } from "stytch-edge/otel";
import { authenticated as guardedReactRouter, type ContextKey } from "stytch-edge/react-router";
import { logInRoutes } from "stytch-edge/routes";
import { authenticated as guardedSvelteKit, logInRoutes as svelteKitRoutes, type Handle, type OptionalSessionLocals, type SessionLocals } from "stytch-edge/sveltekit";
import { SessionVerifier } from "stytch-edge/verify";

type Env = { STYTCH_PROJECT_ID: string; STYTCH_SECRET: string };
type Context = { waitUntil(task: Promise<unknown>): void };

export const worker = {
  fetch: withSession(
    (_request, { session, via }, env, context) => {
      const [own, from]: [Session, "cache" | "local" | "remote"] = [session, via];
      context.waitUntil(Promise.resolve(env.STYTCH_PROJECT_ID));
      return new Response(own.user_id + from);
    },
    { client: (env: Env, _context: Context) => Client.fromEnv(env), max_token_age_seconds: 60 },
  ) satisfies (request: Request, env: Env, context: Context) => Promise<Response>,
};

const b2b = B2BClient.fromEnv();
export const served: (request: Request) => Promise<Response> = withSession(
  async (_request, { member_session }) => new Response(member_session.member_id),
  {
    client: b2b,
    authorization_check: { resource_id: "documents", action: "read", organization_id: "organization-test-1" },
    refused: (verdict: Refused) => (verdict.status === "forbidden" ? new Response("no") : refusal(verdict)),
  },
);

withSession((_request, verdict) => new Response(verdict.status === "authenticated" ? verdict.member_session.member_id : verdict.reason), {
  client: b2b,
  optional: true,
});
// @ts-expect-error the verdict may have no session
withSession((_request, { member_session }) => new Response(member_session.member_id), { client: b2b, optional: true });
// @ts-expect-error a member's authorization check requires organization_id
withSession(() => new Response(), { client: b2b, log_in: "/login", authorization_check: { resource_id: "documents", action: "read" } });

// @ts-expect-error a user's verdict does not have member_session
withSession((_request, { member_session }) => new Response(member_session), { client: new Client({} as never) });

export async function anyKind(client: Client, request: Request): Promise<string> {
  const verdict = await client.authenticateRequest(request, {
    accepts: {
      session: { authorization_check: { resource_id: "documents", action: "read" } },
      m2m: { required_scopes: ["read:reports"], audience: "https://reports.example.com" },
      connected_app: { introspect: "always" },
    },
    timeout: 5_000,
  });
  if (verdict.status !== "authenticated") return refusal(verdict).statusText;
  if (verdict.kind === "m2m") return verdict.token.client_id;
  if (verdict.kind === "connected_app") return verdict.token.scope;
  const session: Session = verdict.session;
  return session.user_id + verdict.session_jwt;
}

export async function memberOrMachine(request: Request): Promise<string> {
  const verdict = await b2b.authenticateRequest(request, { accepts: { session: {}, m2m: {} } });
  if (verdict.status !== "authenticated") return verdict.reason;
  if (verdict.kind === "session") return verdict.member_session.member_id;
  // @ts-expect-error an M2M token is not a session
  void verdict.member_session;
  // @ts-expect-error the kind is not accepted
  if (verdict.kind === "connected_app") return "";
  return verdict.token.client_id;
}

// @ts-expect-error the kind is unknown
void b2b.authenticateRequest({} as Request, { accepts: { machine: {} } });
// @ts-expect-error an unknown option of a kind
void b2b.authenticateRequest({} as Request, { accepts: { m2m: { required_scope: ["a"] } } });
// @ts-expect-error an option of sessions
void b2b.authenticateRequest({} as Request, { accepts: { m2m: {} }, required_claims: {} });
// @ts-expect-error the verdict on a session does not have a kind
void b2b.authenticateRequest({} as Request).then(({ kind }) => kind);

const app = new Hono<{ Bindings: Env; Variables: SessionVariables<Client> }>();
app.use("/private/*", authenticated((context) => Client.fromEnv(context.env as Env), { clock_tolerance_seconds: 5 }));
app.get("/private/me", (context) => context.text(context.get("session").user_id));
app.get("/members", authenticated(b2b), (context) => {
  const session: MemberSession = context.get("session");
  return context.json([session, context.get("verdict").claims]);
});
// @ts-expect-error a user's session does not have member_id
app.get("/wrong", authenticated(Client.fromEnv()), (context) => context.text(context.get("session").member_id));

const pages = new Hono<{ Variables: OptionalSessionVariables<Client> }>();
pages.use(authenticated(Client.fromEnv(), { optional: true }));
pages.get("/", (context) => context.text(context.get("session")?.user_id ?? context.get("verdict").status));
pages.get("/wrong", authenticated(Client.fromEnv(), { optional: true }), (context) => {
  // @ts-expect-error the session may be null
  return context.text(context.get("session").user_id);
});

const express = guardedExpress(b2b, { log_in: "/login", authorization_check: { resource_id: "a", action: "b", organization_id: "c" } });
export const expressMember: MemberSession = express.session({});
const fastify = guardedFastify(Client.fromEnv(), { optional: true, max_token_age_seconds: 60 });
export const fastifyUser: Session | null = fastify.session({});
// @ts-expect-error the session may be null
export const fastifyWrong: Session = fastify.session({});
// @ts-expect-error the option is unknown
guardedExpress(b2b, { login: "/login" });

export const proxy = sessionProxy(b2b, { optional: true, max_token_age_seconds: 60, passed: (_request, { session }) => new Response(session?.member_id) });
export const route: (request: Request, context: { params: Promise<{ id: string }> }) => Promise<Response> = guardRoute(
  () => b2b,
  async (_request, { session, verdict }, { params }: { params: Promise<{ id: string }> }) => new Response(session.member_id + verdict.status + (await params).id),
);
// @ts-expect-error the session may be null
guardRoute(b2b, (_request, { session }) => new Response(session.member_id), { optional: true });
export async function actionsOfNext(): Promise<void> {
  const user: Session | null = await sessionOfNext(() => Client.fromEnv());
  const own: MemberSession = await requireSession(b2b, { log_in: "/login" });
  // @ts-expect-error log_in is required
  await requireSession(b2b, {});
  await setCookies(b2b.clearSessionHeaders());
  await setCookies((await logOut(b2b, { return_to: "/" })).cookies);
  void [user, own];
}

export const handle: Handle = guardedSvelteKit((event) => B2BClient.fromEnv(event.platform.env), { log_in: "/login", max_token_age_seconds: 60, refused: ({ reason }) => new Response(reason) });
export function localsOfSvelteKit(users: SessionLocals<Client>, members: OptionalSessionLocals<B2BClient>): [Session, MemberSession | null] {
  // @ts-expect-error the session may be null
  void members.session.member_id;
  return [users.session, members.session];
}
// @ts-expect-error the option is unknown
guardedSvelteKit(b2b, { login: "/login" });

const reactRouter = guardedReactRouter(b2b, { log_in: "/login", refused: ({ reason }, { url }) => new Response(reason + url) });
export const reactRouterMember: ContextKey<MemberSession> = reactRouter.session;
export const reactRouterUser: ContextKey<Session | null> = guardedReactRouter(() => Client.fromEnv(), { optional: true }).session;
// @ts-expect-error the session may be null
export const reactRouterWrong: ContextKey<Session> = guardedReactRouter(Client.fromEnv(), { optional: true }).session;

export const astro: AstroMiddleware = guardedAstro(() => b2b, { log_in: "/login", refused: ({ status }, context) => context.redirect(status) });
export const nuxt: ServerMiddleware = guardedNuxt((event) => Client.fromEnv(event.context.cloudflare.env), { optional: true, max_token_age_seconds: 60 });
// @ts-expect-error the option is unknown
guardedAstro(b2b, { login: "/login" });
// @ts-expect-error a member's authorization check requires organization_id
guardedNuxt(b2b, { authorization_check: { resource_id: "documents", action: "read" } });
export const membersOf = (locals: AstroLocals<B2BClient>, context: SessionContext<B2BClient>): [MemberSession, MemberSession] => [locals.session, context.session];
export function usersOf(locals: OptionalAstroLocals<Client>, { session, verdict }: OptionalSessionContext<Client>): (Session | null)[] {
  // @ts-expect-error the session may be null
  const wrong: Session[] = [locals.session, session];
  return [...wrong, locals.session, verdict.status === "authenticated" ? verdict.session : null];
}

const own = { origin: "https://app.example.com", methods: { magic_link: true, oauth: ["google"] } };
export const logIn: (request: Request, env: Env) => Promise<Response | undefined> = logInRoutes((env: Env) => Client.fromEnv(env), own);
export const memberLogIn: (request: Request) => Promise<Response | undefined> = logInRoutes(b2b, { ...own, methods: { sso: true, mfa: ["totp"] } });
svelteKitRoutes(b2b, { ...own, methods: { sso: true, mfa: ["totp"] } });
// @ts-expect-error users have no second factors of organizations
svelteKitRoutes(Client.fromEnv(), { ...own, methods: { mfa: ["totp"] } });
export const astroLogIn: AstroMiddleware = logInRoutesOfAstro(b2b, { ...own, methods: { sso: true } });
export const nuxtLogIn: ServerMiddleware = logInRoutesOfNuxt((event) => Client.fromEnv(event.context.cloudflare.env), own);
expressRoutes(b2b, { ...own, methods: { password: true, mfa: ["sms"] } });
// @ts-expect-error users have no second factors of organizations
logInRoutes(Client.fromEnv(), { ...own, methods: { mfa: ["totp"] } });
export const { GET, POST } = logInRoutesOfNext(() => b2b, { ...own, methods: { sso: true } });
// @ts-expect-error the origin is required
logInRoutes(b2b, { methods: {} });

const verifier = new SessionVerifier({ project_id: "project-test-1", jwks: { keys: [] }, jwks_pinned: true });
export const user: Session = verifier.authenticateJwtLocalSync({ session_jwt: "a.b.c" });
const members = new SessionVerifier({ project_id: "project-test-1", product: "b2b" });
export const member: Promise<MemberSession> = members.authenticateJwtLocal({ session_jwt: "a.b.c" });
export const guarded = withSession((_request, { member_session }) => new Response(member_session.member_id), {
  client: members,
});

// @ts-expect-error a verifier does not accept a secret
new SessionVerifier({ project_id: "project-test-1", secret: "secret-test-1" });

// @ts-expect-error authorization checks require a secret
void members.authenticateRequest({} as Request, { authorization_check: { resource_id: "a", action: "b" } });

const recorded: Telemetry = telemetry();
export const observed = new Client({
  project_id: "project-test-1",
  secret: "secret-test-1",
  ...telemetry({ meter: undefined }),
  on_request: (event) => {
    const { attempt }: { attempt: number } = event;
    if (attempt > 1) recorded.on_request(event);
  },
});

// @ts-expect-error a tracer is an object
telemetry({ tracer: "stytch-edge" });
