// The package in an ES module of TypeScript. The file is compiled and never run. Lines that must
// not compile have a directive.

import stytch, { B2BClient, Client, ClientError, RequestError, StytchError, cacheStore, envs, kvStore, loginResponse } from "stytch-edge";
import type {
  AppRequestVerdict,
  CallOptions,
  MemberVerdict,
  ClientConfig,
  ClientEvent,
  Environment,
  Explanation,
  Finding,
  MemberSession,
  Session,
  Store,
  TokenProvider,
  User,
  UsersCreateResponse,
  UserVerdict,
} from "stytch-edge";
import * as namespace from "stytch-edge";

const config: ClientConfig = {
  project_id: "project-test-1",
  secret: "secret-test-1",
  env: envs.test,
  timeout: 1_000,
};
export const client: Client = new Client(config);
export const b2b: B2BClient = new stytch.B2BClient({ ...config, fetch: (url, init) => fetch(url, init) });
export const same: typeof Client = namespace.Client;

declare const env: Environment;
export const clients: [Client, B2BClient] = [Client.fromEnv(env, { timeout: 5 }), B2BClient.fromEnv()];
Client.fromEnv({ STYTCH_PROJECT_ID: "a", STYTCH_SECRET: "b" });
Client.fromEnv(new Map<string, string>());

declare const namespaceOfKv: Parameters<typeof kvStore>[0];
const stores: Store[] = [kvStore(namespaceOfKv), cacheStore(), { get: async () => null, put: async () => {} }];
export const surviving = new Client({
  ...config,
  jwks_url: "https://keys.example.com/",
  store: stores[0],
  keys_max_stale_seconds: 3_600,
  policy_ttl_seconds: 60,
  wait_until: (promise: Promise<unknown>) => void promise,
  on_event(event: ClientEvent) {
    if (event.type === "store_failed") return void event.operation.toUpperCase();
    // @ts-expect-error only events of a store have `operation`
    event.operation;
  },
});
// @ts-expect-error a store returns and stores strings
export const noStore: ClientConfig = { ...config, store: { get: async () => 7, put: async () => {} } };
export const jwksElsewhere = async () => new Client({ ...config, jwks: await surviving.exportKeys(), jwks_pinned: true });

export async function consumer(token: string): Promise<User | null> {
  const created: UsersCreateResponse = await client.users.create({ email: "a@example.com" });
  await client.magicLinks.email.loginOrCreate({ email: "a@example.com" });
  const login = await client.magicLinks.authenticate({ token, session_duration_minutes: 60 });
  const session: Session = await client.sessions.authenticateJwtLocal({
    session_jwt: login.session_jwt,
    clock_tolerance_seconds: 5,
    max_token_age_seconds: 60,
    current_date: new Date(),
  });
  const roles: string[] = session.roles;
  const { keys } = await client.sessions.getJWKS({ project_id: config.project_id });
  await client.users.update({ user_id: created.user_id, trusted_metadata: { roles, keys: keys.length } });
  await client.users.search({ query: { operator: "AND", operands: [] }, limit: 10 });
  await client.users.delete({ user_id: created.user_id });
  await client.sessions.revoke({ session_id: session.session_id });
  const { project_id } = await client.debug.whoami({ signal: AbortSignal.timeout(1_000), timeout: 500, retries: 0 });
  return project_id === "" ? null : login.user;
}

export async function member(magic_links_token: string): Promise<MemberSession> {
  const { organization } = await b2b.organizations.create({ organization_name: "Acme" });
  const { organization_id } = organization;
  const data = { organization_id, email_address: "a@example.com" };
  const options: CallOptions = { timeout: 500 };
  await b2b.organizations.members.create(data, { ...options, authorization: { session_token: "t" } });
  await b2b.magicLinks.email.loginOrSignup(data, options);
  // @ts-expect-error the call would have the permissions of the project
  await b2b.magicLinks.email.loginOrSignup(data, { authorization: { session_token: "t" } });
  const { session_jwt } = await b2b.magicLinks.authenticate({ magic_links_token });
  return (await b2b.sessions.authenticateJwt({ session_jwt })).member_session;
}

/** The reason of a 403, for a log. */
export async function explain(session: MemberSession, organization_id: string): Promise<string> {
  await b2b.loadPolicies({ organization_id });
  const check = { resource_id: "documents", action: "write", organization_id };
  const allowed: boolean = b2b.rbac.can(session, check);
  const answer: Explanation = b2b.rbac.explain(session, check);
  if (answer.allowed) return `${allowed} ${answer.granted_by} ${answer.role_id ?? answer.scope}`;
  if (answer.reason === "tenancy_mismatch") return `${answer.organization_id} ${answer.asked_organization_id}`;
  return `${answer.held.join()} instead of ${answer.would_allow.join()}, ${answer.not_in_policy.join()}`;
}

// @ts-expect-error a member's authorization check requires organization_id
void b2b.rbac.can({} as MemberSession, { resource_id: "documents", action: "write" });

/** The problems of a configuration. */
export async function problems(): Promise<string[]> {
  const findings: Finding[] = await client.doctor({ timeout: 5_000 });
  return findings.filter(({ severity }) => severity !== "ok").map(({ code, message, advice }) => `${code}: ${message} ${advice}`);
}

/** Calls a service with an M2M token, and again with a new token if the service refuses the first. */
export async function call(url: string): Promise<Response> {
  const provide: TokenProvider = client.m2m.tokenProvider({ client_id: "c", client_secret: "s", scopes: ["read:a"] });
  const token: string = await provide();
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
  if (answer.status === 401) provide.forget(token);
  return answer.status === 401 ? fetch(url, { headers: { Authorization: `Bearer ${await provide()}` } }) : answer;
}

/** A service for Connected Apps and M2M clients. */
export async function serve(request: Request): Promise<Response> {
  const required_scopes = ["read:notes"];
  const verdict: AppRequestVerdict = await client.idp.authenticateRequest(request, {
    audience: "https://mcp.example.com/mcp",
    required_scopes,
    authorization_check: { resource_id: "notes", action: "read" },
    introspect: "always",
  });
  if (verdict.status === "authenticated") return new Response(`${verdict.token.subject} ${verdict.via}`);
  const machine = await b2b.m2m.authenticateRequest(request, { required_scopes });
  if (machine.status === "authenticated") return new Response(machine.token.scopes.join());
  const { http_status: status, headers } = verdict;
  return new Response(verdict.reason, { status, headers });
}

export const metadata: string[] = client.idp.protectedResourceMetadata({
  resource: "https://mcp.example.com/mcp",
}).authorization_servers;

// @ts-expect-error M2M tokens have no roles, so authorization checks do not apply
void client.m2m.authenticateRequest({} as Request, { authorization_check: { resource_id: "a", action: "b" } });

export function describe(error: unknown): string {
  if (error instanceof StytchError) return `${error.status_code} ${error.error_type} ${error.details["x"]}`;
  if (error instanceof RequestError)
    return `${error.request.method} ${error.request.url} ${error.reason ?? ""}`;
  if (error instanceof ClientError)
    return error.code === "jwks_unavailable" ? "later" : `${error.code} ${error.reason ?? ""}`;
  return String(error);
}

// @ts-expect-error a client requires a secret
new Client({ project_id: "project-test-1" });

// @ts-expect-error timeout is a number of milliseconds
new Client({ ...config, timeout: "30s" });

// @ts-expect-error user_id is required
void client.users.get({});

// @ts-expect-error the operator must be AND or OR, and the field is unknown
void client.users.search({ query: { operator: "AND", operand: [] } });

// @ts-expect-error a consumer client does not have organizations
void client.organizations;

// @ts-expect-error a member's session does not have user_id
void member("t").then((session) => session.user_id);

// @ts-expect-error internals of the wasm are not exported
namespace.initSync;

/** A guarded page in a Worker. */
export async function page(request: Request): Promise<Response> {
  const verdict: UserVerdict = await client.authenticateRequest(request, {
    authorization_check: { resource_id: "documents", action: "read" },
    max_token_age_seconds: 300,
    clock_tolerance_seconds: 5,
    required_claims: { plan: "gold", seats: 5, trial: false, tenant: true },
    remote_fallback: "stale",
    session_duration_minutes: 60,
    cookies: { session_jwt: "__Host-jwt", same_site: "strict" },
  });
  const { headers } = verdict;
  switch (verdict.status) {
    case "authenticated": {
      const via: "cache" | "local" | "remote" = verdict.via;
      return Response.json({ user: verdict.session.user_id, via, plan: verdict.claims.plan }, { headers });
    }
    case "unauthenticated":
      return new Response(verdict.reason === "session_not_found" ? "Again?" : "Log in first", { status: 401, headers });
    case "forbidden":
      return new Response("Not for you", { status: 403, headers });
    case "unavailable":
      return new Response("Come back later", { status: 503, headers });
  }
}

export async function memberOf(request: { headers: Headers }): Promise<string> {
  const verdict: MemberVerdict = await b2b.authenticateRequest(request, {
    authorization_check: { resource_id: "documents", action: "read", organization_id: "organization-test-1" },
  });
  // @ts-expect-error the verdict has a session only if its status is authenticated
  verdict.member_session;
  return verdict.status === "authenticated" ? verdict.member_session.organization_id : verdict.reason;
}

export async function cookies(magic_links_token: string): Promise<Headers[]> {
  const login = await b2b.magicLinks.authenticate({ magic_links_token });
  const own = new Client({ ...config, cookies: { secure: false, path: "/app" }, remote_fallback: "never" });
  await own.sessions.authenticateJwt({ session_jwt: login.session_jwt, remote_fallback: "always" });
  return [b2b.sessionHeaders(login), own.clearSessionHeaders({ cookies: { domain: "example.com" } })];
}

/** Log-ins of both products, with results that are narrowed by their status. */
export async function logIns(client: Client, b2b: B2BClient, request: Request) {
  const user = await client.handleCallback(request, { pages: { refused: "/login" }, confirm: true });
  if (user.status === "logged_in") user.response.user.user_id satisfies string;
  if (user.status === "refused") user.reason satisfies string;
  const member = await b2b.handleCallback(request);
  if (member.status === "needs_organization") member.response.discovered_organizations satisfies unknown[];
  if (member.status === "needs_mfa") member.response.mfa_required satisfies unknown;
  b2b.startLogin(request, { method: "sso", params: { connection_id: "saml-connection-test-1" } }).url satisfies string | undefined;
  // @ts-expect-error: users have no discovery.
  client.startLogin(request, { method: "discovery" });
  const { revoked } = await client.logOut(request);
  return [loginResponse(user), loginResponse(member), revoked];
}
