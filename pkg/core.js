// @ts-check
// What the generated methods call: it carries a client's configuration into the
// wasm and the answers out. Methods that are more than one request stand here by
// name, and get the resource they belong to as their first argument. The secret is
// in a private field, so that no console and no JSON shows it; there is no pointer
// into wasm memory, so that nothing needs freeing.

import { checked } from "./config.js";
import { isReady, needReady, ready, run, runShared, runTask } from "./engine.js";
import { ClientError, StytchError } from "./errors.js";
import { rows } from "./generated/rows.js";
import { UserSearchIterator } from "./search.js";

export class Core {
  #config;
  #host;

  constructor(product, config) {
    const { wasm, host } = checked(product, config);
    this.#config = wasm;
    this.#host = host;
  }

  /** Calls the operation in a row of the endpoint table. */
  async call(row, data, options) {
    await ready();
    return runTask((wasm) => wasm.call(this.#config, this.#host, row, data, options));
  }

  /** Checks a session JWT with the project's keys, which are fetched if need be. */
  async authenticateJwtLocal(_sessions, params) {
    return this.#check(KIND.session, params?.session_jwt, params, permission(params));
  }

  /** Checks a session JWT with what is there, at once. */
  authenticateJwtLocalSync(_sessions, params) {
    needReady();
    const [outcome, value] = this.#checker(KIND.session, params?.session_jwt, params, permission(params))();
    if (outcome === "done") return value;
    const reason = value.includes("keys") ? "keys_unavailable" : "policy_unavailable";
    throw new ClientError("jwks_unavailable", NOT_LOADED, undefined, reason);
  }

  /** Fetches the key set ahead of the first check, unless there is a fresh one. */
  async loadKeys() {
    await ready();
    this.#introduce();
    await this.#load("keys ahead");
  }

  /** Checks a session JWT, here if possible and by the API if not. */
  async authenticateJwt(sessions, params) {
    const { session_jwt, session_duration_minutes, session_custom_claims, authorization_check } = params ?? {};
    if (params?.max_token_age_seconds !== 0) {
      try {
        const session = await this.authenticateJwtLocal(sessions, params);
        const name = this.#config.product === "b2b" ? "member_session" : "session";
        return { [name]: session, session_jwt };
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

  /** Checks a program's access token and its scopes. */
  async authenticateToken(_m2m, data, scopeAuthorizationFunc) {
    const required = data?.required_scopes ?? [];
    if (!Array.isArray(required)) throw new ClientError("invalid_argument", "required_scopes must be a list of strings");
    const demand = required.length && !scopeAuthorizationFunc ? [...required] : undefined;
    const missing = () => new ClientError("missing_scopes", "Missing at least one required scope", required, "missing_scopes");
    const { max_token_age_seconds, clock_tolerance_seconds } = data ?? {};
    const options = { max_token_age_seconds, clock_tolerance_seconds };
    const machine = await this.#check(KIND.machine, data?.access_token, options, demand).catch((error) => {
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
    return this.#check(KIND.connected_app, token, { clock_tolerance_seconds, current_date }, permission(options));
  }

  /** Asks the API about a Connected App's token. */
  async introspectTokenNetwork(_idp, data, options) {
    const fields = Object.entries(data ?? {}).filter(([name, value]) => value?.length > 0 || !MAY_BE_EMPTY.includes(name));
    let answer;
    try {
      answer = await this.call(rows.idpIntrospect, { ...Object.fromEntries(fields), ...this.#project() });
    } catch (error) {
      // What the API refuses is no good token; that it cannot answer says nothing of the token.
      const refused = error instanceof StytchError && error.status_code < 500 && error.status_code !== 429;
      throw refused ? new ClientError("token_invalid", "Could not introspect token", error) : error;
    }
    return this.#check(KIND.introspection, JSON.stringify(answer), {}, permission(options));
  }

  /** Goes through the users that a search finds, page by page. */
  searchAll(users, data) {
    return new UserSearchIterator(users, data);
  }

  /** Checks a token, and fetches what turns out to be needed for it. */
  async #check(kind, token, options, demand) {
    if (!isReady()) await ready();
    const check = this.#checker(kind, token, options, demand);
    const failures = new Map();
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      let step;
      try {
        // Even when no new keys came, older ones may do.
        step = check();
      } catch (error) {
        throw (error.code === "jwks_unavailable" && failures.get("keys")) || error;
      }
      const [outcome, value] = step;
      if (outcome === "done") return value;
      for (const need of value) if (failures.has(need)) throw failures.get(need);
      await Promise.all(value.map((need) => this.#load(need).catch((error) => failures.set(need, error))));
    }
    throw new ClientError("jwks_unavailable", "the project's key set was lost", undefined, "keys_unavailable");
  }

  /** A check with what is there, for this moment; every call of it is one try. */
  #checker(kind, token, options, demand) {
    const { place, token_cache } = this.#config;
    // The wasm takes numbers only; converting a visitor's JSON could run into anything.
    const tolerance = numberOr(0, options?.clock_tolerance_seconds);
    const age = numberOr(undefined, options?.max_token_age_seconds);
    const now = options?.current_date == null ? Date.now() : timeOf(options.current_date);
    // Encoding it here is faster than the glue's way with strings.
    const bytes = typeof token === "string" ? utf8.encode(token) : token === undefined || token === null ? undefined : NO_TEXT;
    const check = () => run((wasm) => wasm.check(place, kind, bytes, tolerance, age, now, demand, ...token_cache));
    return () => {
      let step = check();
      if (step[1]?.[0] === "place") {
        this.#introduce();
        step = check();
      }
      return typeof step === "string" ? ["done", resultOf(step)] : step;
    };
  }

  #load(need) {
    const { place, timeout_ms } = this.#config;
    const begin = (wasm) => wasm.load(this.#config, this.#host, need);
    // Whoever brings a fetch or a limit of their own waits for that and no other; and
    // a policy is asked for with a secret, which may be wrong.
    if (!need.startsWith("keys") || this.#host.fetch || this.#host.dispatcher) return runTask(begin);
    return runShared(`${place} ${timeout_ms} ${need}`, begin);
  }

  /** Tells the wasm what this client's place is, and hands over the keys that it brings. */
  #introduce() {
    run((wasm) => wasm.load(this.#config, this.#host, "place"));
  }

  #project() {
    return { project_id: this.#config.project_id };
  }
}

/** Keys, then policies, and one more of each in case another isolate's worth of projects pushed them out. */
const MAX_ROUNDS = 4;

const NOT_LOADED = "the project's keys or policies are not here yet; `await client.loadKeys()` fetches the keys";

/** The fields of an introspection that npm `stytch` leaves out when they are empty. */
const MAY_BE_EMPTY = ["client_secret", "token_type_hint"];

const utf8 = new TextEncoder();

/** Whatever stands in a token's place and is neither text nor absent. */
const NO_TEXT = false;

/** Kinds of tokens, and what the API says of one, by the numbers that the wasm knows. */
const KIND = { session: 0, connected_app: 1, machine: 2, introspection: 3 };

/** A result from its JSON, which the wasm wrote: only a runtime's own limits could refuse it. */
function resultOf(json) {
  try {
    return JSON.parse(json);
  } catch {
    throw new ClientError("internal", "the result cannot be parsed here");
  }
}

/** What `authorization_check` asks for, as the wasm takes it. */
function permission(options) {
  const check = options?.authorization_check;
  if (check === undefined || check === null) return undefined;
  return [check.action, check.resource_id, check.organization_id];
}

/** The number itself, or NaN, which the wasm refuses by name. */
function numberOr(otherwise, value) {
  if (value === undefined || value === null) return otherwise;
  return typeof value === "number" ? value : NaN;
}

/** The milliseconds of a Date, of whichever realm; NaN for anything else. */
function timeOf(date) {
  try {
    return Date.prototype.getTime.call(date);
  } catch {
    return NaN;
  }
}
