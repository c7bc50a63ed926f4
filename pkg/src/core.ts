// What the generated methods call: it carries a client's configuration into the
// wasm and the API's responses out. Methods that take more than one request are here by
// name, and get the resource they belong to as their first argument. The secret is
// in a private field, so that neither a console nor JSON displays it; there is no pointer
// into wasm memory, so that nothing needs freeing.

import { Checks, FOR_SERVICE, KIND, permission, type CheckOptions, type Demand } from "./checks.js";
import type { JwkSet } from "./config.js";
import { checked, type Checked, type Host, type WasmConfig } from "./config_checks.js";
import { ready, runTask } from "./engine.js";
import { ClientError, RequestError, StytchError, invalid } from "./errors.js";
import type { UsersSearchRequest } from "./generated/consumer_types.js";
import * as rows from "./generated/rows.js";
import type { TokenProviderRequest, TokenResponse } from "./generated/shared_types.js";
import { introspectionOutcome } from "./outcomes.js";
import type { RequestLike } from "./request_headers.js";
import { metadataOf, verdictOn, type AppRequestOptions, type MachineRequestOptions, type ProtectedResource } from "./resources.js";
import { UserSearchPages } from "./search.js";
import { forgetTokens, tokenProvider, type TokenProvider } from "./token_provider.js";
import { Visits } from "./visits.js";

/** Fields of a request, as the caller passed them. */
type Fields = Record<string, any>;

/** The resource that a method was called on, if it makes that resource's requests. */
interface Sessions {
  authenticate(data: any): Promise<any>;
}

/** One client's way into the wasm. */
export class Core {
  #config: WasmConfig;
  #host: Host;
  #checks: Checks;
  #visits: Visits;
  #usual: Checked["usual"];

  constructor(product: string, config: unknown) {
    const { wasm, host, usual } = checked(product, config);
    this.#config = wasm;
    this.#host = host;
    this.#usual = usual;
    this.#checks = new Checks(wasm, host);
    const row = product === "b2b" ? rows.b2bSessionsAuthenticate : rows.consumerSessionsAuthenticate;
    this.#visits = new Visits(wasm, usual, this.#checks, (fields) => this.call(row, fields));
  }

  /** Calls the operation in a row of the endpoint table. */
  async call<Result>(row: number, data: unknown, options?: unknown): Promise<Result> {
    await ready();
    return runTask((wasm) => wasm.call(this.#config, this.#host, row, data, options));
  }

  /** Checks a session JWT with the project's keys, which are fetched if need be. */
  async authenticateJwtLocal(_sessions: unknown, params: Fields | undefined): Promise<any> {
    return this.#checks.inTime(KIND.session, params?.session_jwt, params, permission(params));
  }

  /** Checks a session JWT with what is available, at once. */
  authenticateJwtLocalSync(_sessions: unknown, params: Fields | undefined): any {
    return this.#checks.atOnce(KIND.session, params?.session_jwt, params, permission(params));
  }

  /** Fetches the key set ahead of the first check, unless there is a fresh one. */
  async loadKeys(): Promise<void> {
    await this.#checks.loadKeys();
  }

  /** Fetches the project's policy, and the organization's, unless there are fresh ones. */
  async loadPolicies(params?: { organization_id?: string | undefined }): Promise<void> {
    const { organization_id } = params ?? {};
    if (organization_id !== undefined && !(organization_id && typeof organization_id === "string")) {
      throw invalid("organization_id must be a string");
    }
    // Checking what a session without rights may do needs these policies, and allows nothing.
    const id = organization_id ?? (this.#config.product === "b2b" ? "-" : undefined);
    const powerless = { ...(organization_id ? { roles: [] } : { scope: "" }), organization_id: id };
    await this.#checks.inTime(KIND.rights, JSON.stringify(powerless), undefined, ["", "", id]);
  }

  /** Whether a session's roles, or an app's scopes, allow something. */
  can(rbac: unknown, session: unknown, check: unknown): boolean {
    return this.explain(rbac, session, check).allowed;
  }

  /** Which of them does, or what is missing. */
  explain(_rbac: unknown, session: unknown, check: unknown): any {
    return this.#checks.atOnce(KIND.rights, held(session), undefined, permission({ authorization_check: check }));
  }

  /** The key set as it was served, fetched if need be. */
  async exportKeys(): Promise<JwkSet> {
    return this.#checks.exportKeys();
  }

  /** Forgets the state that this client uses: keys, policies, remembered tokens, tokens of token providers. */
  reset(): void {
    forgetTokens(this.#owner);
    this.#checks.reset();
  }

  /** Verdicts on requests, and the cookies that belong to them. */
  get visits(): Visits {
    return this.#visits;
  }

  /** Checks a session JWT, here if possible and by the API if not. */
  async authenticateJwt(sessions: Sessions, params: Fields | undefined): Promise<any> {
    const { session_jwt, session_duration_minutes, session_custom_claims, authorization_check } = params ?? {};
    // JSON would leave a function out, and the API would not be asked about it.
    if (typeof authorization_check === "function") throw invalid("authorization_check must be an object");
    const remote_fallback = params?.remote_fallback ?? this.#usual.remote_fallback ?? "always";
    const here = async () => {
      const session = await this.authenticateJwtLocal(sessions, params);
      const name = this.#config.product === "b2b" ? "member_session" : "session";
      return { [name]: session, session_jwt };
    };
    if (remote_fallback !== "always") {
      if (!(await this.#visits.asks(session_jwt, { ...params, remote_fallback }))) return here();
    } else if (params?.max_token_age_seconds !== 0) {
      try {
        return await here();
      } catch (error) {
        if ((error as ClientError).code === "invalid_argument") throw error;
      }
    }
    return sessions.authenticate({ session_jwt, authorization_check, session_duration_minutes, session_custom_claims });
  }

  /** Exchanges M2M credentials for an access token. */
  async token(_m2m: unknown, data: Fields | undefined): Promise<TokenResponse> {
    const { scopes, ...fields } = data ?? {};
    if (scopes?.length) fields.scope = scopes.join(" ");
    return this.call(rows.m2mToken, { ...fields, ...this.#project(), grant_type: "client_credentials" });
  }

  /** Keeps an M2M access token, and renews it in time. */
  tokenProvider(m2m: unknown, params: TokenProviderRequest): TokenProvider {
    const { origin, project_id } = this.#config;
    return tokenProvider(params, {
      owner: this.#owner,
      url: `${origin}/v1/public/${project_id}/oauth2/token`,
      // A caller with a fetch or a dispatcher of its own waits for that and no other.
      isShared: !this.#host.fetch && !this.#host.dispatcher,
      fetchToken: (data) => this.token(m2m, data),
    });
  }

  /** Checks an M2M access token and its scopes. */
  async authenticateToken(
    _m2m: unknown,
    data: Fields | undefined,
    scopeAuthorizationFunc?: (scopes: { hasScopes: string[]; requiredScopes: string[] }) => unknown,
  ): Promise<any> {
    const required = data?.required_scopes ?? [];
    if (!Array.isArray(required)) throw invalid("required_scopes must be a list of strings");
    const demand = required.length && !scopeAuthorizationFunc ? [...required] : undefined;
    const missing = () => new ClientError("missing_scopes", "Missing at least one required scope", required, "missing_scopes");
    const { max_token_age_seconds, clock_tolerance_seconds } = data ?? {};
    const options = { max_token_age_seconds, clock_tolerance_seconds };
    const machine = await this.#checks.inTime(KIND.machine, data?.access_token, options, demand).catch((error: ClientError) => {
      throw error.code === "missing_scopes" ? missing() : error;
    });
    if (required.length && scopeAuthorizationFunc) {
      // The types say boolean; the promise of one would pass for a yes.
      if (!(await scopeAuthorizationFunc({ hasScopes: [...machine.scopes], requiredScopes: required }))) throw missing();
    }
    return machine;
  }

  /** Checks a Connected App's token with the project's keys. */
  async introspectTokenLocal(_idp: unknown, token: unknown, options: Fields | undefined): Promise<any> {
    const { clock_tolerance_seconds, current_date } = options ?? {};
    return this.#checks.inTime(KIND.connected_app, token, { clock_tolerance_seconds, current_date }, permission(options));
  }

  /** Asks the API about a Connected App's token. */
  async introspectTokenNetwork(_idp: unknown, data: Fields | undefined, options: Fields | undefined): Promise<any> {
    const fields = Object.entries(data ?? {}).filter(([name, value]) => value?.length > 0 || !MAY_BE_EMPTY.includes(name));
    return this.#introspected(KIND.introspection, Object.fromEntries(fields), permission(options));
  }

  async #introspected(kind: number, fields: Fields, demand: Demand): Promise<any> {
    let answer: unknown;
    try {
      answer = await this.call(rows.idpIntrospect, { ...fields, ...this.#project() });
    } catch (error) {
      if (!(error instanceof StytchError || error instanceof RequestError)) throw error;
      const { status } = introspectionOutcome(error);
      throw status === "unauthenticated" ? new ClientError("token_invalid", "Could not introspect token", error) : error;
    }
    return this.#checks.inTime(kind, JSON.stringify(answer), {}, demand);
  }

  /** Checks the Connected App's token in a request. */
  authenticateAppRequest(_idp: unknown, request: RequestLike, options: AppRequestOptions<any> | undefined): Promise<any> {
    const { introspect = "never" } = options ?? {};
    return verdictOn("idp.authenticateRequest", request, options, async (token, demand) => {
      if (introspect !== "never" && introspect !== "always") throw invalid('introspect must be "never" or "always"');
      // The API is not asked about a token that is refused here.
      const local = await this.#checks.inTime(FOR_SERVICE + KIND.connected_app, token, options as CheckOptions, demand);
      if (introspect === "never") return local;
      const { client_id } = local.token.custom_claims;
      const fields = { token, client_id, token_type_hint: "access_token" };
      return this.#introspected(FOR_SERVICE + KIND.introspection, fields, demand);
    });
  }

  /** Checks the M2M token in a request. */
  async authenticateMachineRequest(_m2m: unknown, request: RequestLike, options: MachineRequestOptions | undefined): Promise<any> {
    for (const name of ["authorization_check", "introspect"]) {
      if ((options as Fields | undefined)?.[name] !== undefined) throw invalid(`${name} is for Connected Apps' tokens`);
    }
    return verdictOn("m2m.authenticateRequest", request, options, (token, demand) =>
      this.#checks.inTime(FOR_SERVICE + KIND.machine, token, options as CheckOptions, demand),
    );
  }

  /** Tells clients who issues tokens for a resource. */
  protectedResourceMetadata(_idp: unknown, options: ProtectedResource): any {
    return metadataOf(options, this.#config.origin);
  }

  /** Goes through the users that a search finds, page by page. */
  searchAll(users: ConstructorParameters<typeof UserSearchPages>[0], data: UsersSearchRequest): UserSearchPages {
    return new UserSearchPages(users, data);
  }

  /** Stands for the project and, if the client does not share it, for its state. */
  get #owner(): string {
    const { base_url, project_id, conditions } = this.#config;
    return [base_url, project_id, conditions[1]].join(" ");
  }

  #project(): { project_id: string } {
    return { project_id: this.#config.project_id };
  }
}

/** What decides about a session or an app's claims, as JSON; empty for what cannot be read. */
function held(session: unknown): string {
  try {
    const { roles, scope, organization_id, organization } = session as Fields;
    return JSON.stringify({ roles, scope, organization_id: organization_id ?? organization?.organization_id });
  } catch {
    return "";
  }
}

/** The fields of an introspection that npm `stytch` leaves out when they are empty. */
const MAY_BE_EMPTY = ["client_secret", "token_type_hint"];
