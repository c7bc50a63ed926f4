// @ts-check
// What the generated methods call: it carries a client's configuration into the
// wasm and the answers out. Methods that are more than one request stand here by
// name, and get the resource they belong to as their first argument. The secret is
// in a private field, so that no console and no JSON shows it; there is no pointer
// into wasm memory, so that nothing needs freeing.

import { Checks, FOR_SERVICE, KIND, permission } from "./checks.js";
import { checked } from "./config.js";
import { ready, runTask } from "./engine.js";
import { ClientError, StytchError } from "./errors.js";
import { rows } from "./generated/rows.js";
import { metadataOf, verdictOn } from "./resources.js";
import { UserSearchIterator } from "./search.js";
import { tokenProvider } from "./token_provider.js";
import { Visits } from "./visits.js";

export class Core {
  #config;
  #host;
  #checks;
  #visits;
  #usual;

  constructor(product, config) {
    const { wasm, host, usual } = checked(product, config);
    this.#config = wasm;
    this.#host = host;
    this.#usual = usual;
    this.#checks = new Checks(wasm, host);
    const row = product === "b2b" ? rows.b2bSessionsAuthenticate : rows.consumerSessionsAuthenticate;
    this.#visits = new Visits(wasm, usual, this.#checks, (fields) => this.call(row, fields));
  }

  /** Calls the operation in a row of the endpoint table. */
  async call(row, data, options) {
    await ready();
    return runTask((wasm) => wasm.call(this.#config, this.#host, row, data, options));
  }

  /** Checks a session JWT with the project's keys, which are fetched if need be. */
  async authenticateJwtLocal(_sessions, params) {
    return this.#checks.inTime(KIND.session, params?.session_jwt, params, permission(params));
  }

  /** Checks a session JWT with what is there, at once. */
  authenticateJwtLocalSync(_sessions, params) {
    return this.#checks.atOnce(KIND.session, params?.session_jwt, params, permission(params));
  }

  /** Fetches the key set ahead of the first check, unless there is a fresh one. */
  async loadKeys() {
    await this.#checks.loadKeys();
  }

  /** Fetches the project's policy, and the organization's, unless there are fresh ones. */
  async loadPolicies(params) {
    const { organization_id } = params ?? {};
    if (organization_id !== undefined && !(organization_id && typeof organization_id === "string")) {
      throw new ClientError("invalid_argument", "organization_id must be a string");
    }
    // What somebody without rights may do takes these policies, and allows nothing.
    const id = organization_id ?? (this.#config.product === "b2b" ? "-" : undefined);
    const nobody = { ...(organization_id ? { roles: [] } : { scope: "" }), organization_id: id };
    await this.#checks.inTime(KIND.rights, JSON.stringify(nobody), undefined, ["", "", id]);
  }

  /** Whether a session's roles, or an app's scopes, allow something. */
  can(rbac, session, check) {
    return this.explain(rbac, session, check).allowed;
  }

  /** By what they do, or what is missing. */
  explain(_rbac, session, check) {
    return this.#checks.atOnce(KIND.rights, held(session), undefined, permission({ authorization_check: check }));
  }

  /** The key set as it was served, fetched if need be. */
  async exportKeys() {
    return this.#checks.exportKeys();
  }

  /** Verdicts on requests, and the cookies that go with them. */
  get visits() {
    return this.#visits;
  }

  /** Checks a session JWT, here if possible and by the API if not. */
  async authenticateJwt(sessions, params) {
    const { session_jwt, session_duration_minutes, session_custom_claims, authorization_check } = params ?? {};
    // JSON would leave a function out, and the API would not be asked about it.
    if (typeof authorization_check === "function") throw new ClientError("invalid_argument", "authorization_check must be an object");
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
        if (error.code === "invalid_argument") throw error;
      }
    }
    return sessions.authenticate({ session_jwt, authorization_check, session_duration_minutes, session_custom_claims });
  }

  /** Trades a program's credentials for an access token. */
  async token(_m2m, data) {
    const { scopes, ...fields } = data ?? {};
    if (scopes?.length) fields.scope = scopes.join(" ");
    return this.call(rows.m2mToken, { ...fields, ...this.#project(), grant_type: "client_credentials" });
  }

  /** Keeps a program's access token, and gets a new one in time. */
  tokenProvider(m2m, params) {
    const { place, origin, project_id } = this.#config;
    return tokenProvider(params, {
      place,
      url: `${origin}/v1/public/${project_id}/oauth2/token`,
      // Whoever brings a fetch of their own waits for that and no other.
      isShared: !this.#host.fetch && !this.#host.dispatcher,
      fetchToken: (data) => this.token(m2m, data),
    });
  }

  /** Checks a program's access token and its scopes. */
  async authenticateToken(_m2m, data, scopeAuthorizationFunc) {
    const required = data?.required_scopes ?? [];
    if (!Array.isArray(required)) throw new ClientError("invalid_argument", "required_scopes must be a list of strings");
    const demand = required.length && !scopeAuthorizationFunc ? [...required] : undefined;
    const missing = () => new ClientError("missing_scopes", "Missing at least one required scope", required, "missing_scopes");
    const { max_token_age_seconds, clock_tolerance_seconds } = data ?? {};
    const options = { max_token_age_seconds, clock_tolerance_seconds };
    const machine = await this.#checks.inTime(KIND.machine, data?.access_token, options, demand).catch((error) => {
      throw error.code === "missing_scopes" ? missing() : error;
    });
    if (required.length && scopeAuthorizationFunc) {
      // The types say boolean; the promise of one would pass for a yes.
      if (!(await scopeAuthorizationFunc({ hasScopes: [...machine.scopes], requiredScopes: required }))) throw missing();
    }
    return machine;
  }

  /** Checks a Connected App's token with the project's keys. */
  async introspectTokenLocal(_idp, token, options) {
    const { clock_tolerance_seconds, current_date } = options ?? {};
    return this.#checks.inTime(KIND.connected_app, token, { clock_tolerance_seconds, current_date }, permission(options));
  }

  /** Asks the API about a Connected App's token. */
  async introspectTokenNetwork(_idp, data, options) {
    const fields = Object.entries(data ?? {}).filter(([name, value]) => value?.length > 0 || !MAY_BE_EMPTY.includes(name));
    return this.#introspected(KIND.introspection, Object.fromEntries(fields), permission(options));
  }

  async #introspected(kind, fields, demand) {
    let answer;
    try {
      answer = await this.call(rows.idpIntrospect, { ...fields, ...this.#project() });
    } catch (error) {
      // What the API refuses is no good token; that it cannot answer says nothing of the token.
      const refused = error instanceof StytchError && error.status_code < 500 && ![408, 429].includes(error.status_code);
      throw refused ? new ClientError("token_invalid", "Could not introspect token", error) : error;
    }
    return this.#checks.inTime(kind, JSON.stringify(answer), {}, demand);
  }

  /** Judges the app's token in a request. */
  authenticateAppRequest(_idp, request, options) {
    const { introspect = "never" } = options ?? {};
    return verdictOn(request, options, async (token, demand) => {
      if (introspect !== "never" && introspect !== "always") {
        throw new ClientError("invalid_argument", 'introspect must be "never" or "always"');
      }
      // The API is asked about no token that is no good here.
      const local = await this.#checks.inTime(FOR_SERVICE + KIND.connected_app, token, options, demand);
      if (introspect === "never") return local;
      const { client_id } = local.token.custom_claims;
      const fields = { token, client_id, token_type_hint: "access_token" };
      return this.#introspected(FOR_SERVICE + KIND.introspection, fields, demand);
    });
  }

  /** Judges a program's token in a request. */
  async authenticateMachineRequest(_m2m, request, options) {
    for (const name of ["authorization_check", "introspect"]) {
      if (options?.[name] !== undefined) throw new ClientError("invalid_argument", `${name} is for Connected Apps' tokens`);
    }
    return verdictOn(request, options, (token, demand) => this.#checks.inTime(FOR_SERVICE + KIND.machine, token, options, demand));
  }

  /** Tells programs who issues tokens for a resource. */
  protectedResourceMetadata(_idp, options) {
    return metadataOf(options, this.#config.origin);
  }

  /** Goes through the users that a search finds, page by page. */
  searchAll(users, data) {
    return new UserSearchIterator(users, data);
  }

  #project() {
    return { project_id: this.#config.project_id };
  }
}

/** What decides of a session or of an app's claims, as JSON; nothing for what cannot be read. */
function held(session) {
  try {
    const { roles, scope, organization_id, organization } = session;
    return JSON.stringify({ roles, scope, organization_id: organization_id ?? organization?.organization_id });
  } catch {
    return "";
  }
}

/** The fields of an introspection that npm `stytch` leaves out when they are empty. */
const MAY_BE_EMPTY = ["client_secret", "token_type_hint"];
