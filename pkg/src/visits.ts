// Verdicts on requests: reads two headers, fetches and calls the API as the wasm says, and
// makes `Headers` of its answer. Decides nothing.

import { momentOf, numberOr, permission, resultOf, type Checks } from "./checks.js";
import type { Checked, WasmConfig } from "./config_checks.js";
import { isReady, needReady, ready } from "./engine.js";
import { ClientError, OUR_OWN, StytchError, invalid, type RequestError } from "./errors.js";
import { plain } from "./options.js";
import { headerOf, type RequestLike } from "./request_headers.js";
import type { CookieOptions, RemoteFallback, VisitOptions } from "./verdicts.js";

/** What the API is asked for: a session token or a JWT, and what else the caller wants. */
type Authenticate = (fields: Record<string, unknown>) => Promise<Record<string, any>>;

/** Options of a call, before the wasm has checked them. */
type Asked = Partial<VisitOptions> & { authorization_check?: unknown; current_date?: unknown };

interface Visit {
  headers: [authorization: Uint8Array | undefined, cookie: Uint8Array | undefined];
  asked: unknown[];
  options: Asked;
}

/** The verdicts of one client. */
export class Visits {
  #config: WasmConfig;
  #usual: Checked["usual"];
  #checks: Checks;
  #authenticate: Authenticate | undefined;

  /** `authenticate` asks the API; `usual` is what the client's configuration says of requests. */
  constructor(config: WasmConfig, usual: Checked["usual"], checks: Checks, authenticate?: Authenticate) {
    this.#config = config;
    this.#usual = usual;
    this.#checks = checks;
    this.#authenticate = authenticate;
  }

  /** The verdict on a request. */
  async verdict(request: RequestLike, options: VisitOptions | undefined): Promise<any> {
    const asked = plain("the options", options);
    const { wait_until = () => {} } = asked;
    if (typeof wait_until !== "function") throw invalid("wait_until must be a function");
    const remote_fallback = asked.remote_fallback ?? this.#usual.remote_fallback ?? "stale";
    const read = (name: "Authorization" | "Cookie") => headerOf("authenticateRequest", request, name);
    const visit = this.#visit(read("Authorization"), read("Cookie"), { ...asked, remote_fallback });
    try {
      return await this.#settled(visit);
    } catch (error) {
      // What the caller asks may be wrong; what a user sends is not an error.
      if (!OUR_OWN.includes((error as ClientError).code)) throw error;
      return { status: "unavailable", reason: "internal", headers: new Headers() };
    }
  }

  /** Whether the API is to be asked about a JWT. */
  async asks(session_jwt: unknown, options: Asked): Promise<boolean> {
    const visit = this.#visit(typeof session_jwt === "string" ? `Bearer ${session_jwt}` : "Bearer", undefined, options);
    return (await this.#settled(visit, true)) === ASKS;
  }

  /** The cookies of a session that has just begun. */
  logIn(result: unknown, options: { cookies?: CookieOptions | undefined } | undefined): Headers {
    const given = (typeof result === "object" && result !== null ? result : {}) as Record<string, any>;
    const session: Record<string, unknown> | null | undefined = given[this.#sessionName] ?? given.user_session;
    const { session_jwt, session_token } = given;
    if (typeof session_jwt !== "string" && typeof session_token !== "string") {
      throw invalid("sessionHeaders needs the result of a method that begins a session");
    }
    const values = { session_jwt, session_token, expires_at: session?.expires_at };
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined && value !== null && typeof value !== "string") throw invalid(`${name} of the result must be a string`);
    }
    return this.#cookies(options, ["", ...Object.values(values)]);
  }

  /** The cookies of a session that is over. */
  logOut(options: { cookies?: CookieOptions | undefined } | undefined): Headers {
    return this.#cookies(options, []);
  }

  #cookies(options: { cookies?: CookieOptions | undefined } | undefined, session: unknown[]): Headers {
    needReady();
    const rules = this.#rules(plain("the options", options));
    const [, cookies] = this.#checks.attempt((wasm) => wasm.cookies(rules, Date.now(), session));
    return this.#headers(cookies);
  }

  #visit(authorization: string | undefined, cookie: string | undefined, options: Asked): Visit {
    const { clock_tolerance_seconds, max_token_age_seconds, required_claims, remote_fallback } = options;
    const asked = [
      permission(options),
      momentOf(options),
      numberOr(0, clock_tolerance_seconds),
      numberOr(undefined, max_token_age_seconds),
      claimsOf(required_claims),
      FALLBACKS.indexOf(remote_fallback as RemoteFallback),
      this.#rules(options),
      Date.now(),
    ];
    return { headers: [bytesOf(authorization), bytesOf(cookie)], asked, options };
  }

  /** Continues until there is a verdict, and does what it takes to have one. */
  async #settled({ headers, asked, options }: Visit, onlyAsks = false): Promise<unknown> {
    if (!isReady()) await ready();
    const { place } = this.#config;
    let [outcome, session]: [readonly unknown[], unknown] = [[], undefined];
    const attempt = () => {
      const now = outcome;
      // What another attempt has fetched is not what this call found.
      if (!now.length) outcome = LOADED;
      return this.#checks.attempt((wasm) => wasm.visit(place, ...headers, asked, Date.now(), now as unknown[]));
    };
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const found = await this.#checks.settled(attempt, options.wait_until).catch((error: unknown) => {
        outcome = lacking(error);
      });
      if (found?.[0] === "ask") {
        if (onlyAsks) return ASKS;
        [outcome, session] = await this.#asked({ [found[1]]: found[2] }, options);
      } else if (found) {
        return this.#shown(found, session);
      }
    }
    return { status: "unavailable", reason: "keys_unavailable", headers: new Headers() };
  }

  /** What the API says of a session: an outcome, and the session of a good one. */
  async #asked(
    fields: Record<string, unknown>,
    { authorization_check, session_duration_minutes }: Asked,
  ): Promise<[readonly unknown[], unknown?]> {
    try {
      const answer = await this.#authenticate!({ ...fields, authorization_check, session_duration_minutes });
      const session = answer[this.#sessionName];
      if (typeof session !== "object" || session === null) return [["refused", ...NO_ANSWER]];
      return [["answered", answer.session_jwt, answer.session_token, session.expires_at], session];
    } catch (error) {
      if (error instanceof ClientError) throw error;
      return [["refused", ...trouble(error)]];
    }
  }

  /** The verdict as callers get it, each with objects of their own. */
  #shown([status, word, local, session_jwt, claims, ...cookies]: string[], remote: unknown): unknown {
    const headers = this.#headers(cookies);
    if (status !== "authenticated") return { status, reason: word, headers };
    const session = local ? resultOf(local) : remote;
    return { status, via: word, [this.#sessionName]: session, session_jwt, claims: resultOf(claims!), headers };
  }

  get #sessionName(): "session" | "member_session" {
    return this.#config.product === "b2b" ? "member_session" : "session";
  }

  #headers([unset, ...lines]: string[]): Headers {
    const headers = new Headers();
    for (const line of lines) headers.append("Set-Cookie", line);
    if (unset) void this.#checks.tell({ type: "cookie_too_large", cookie: unset });
    return headers;
  }

  /** How cookies are made, as the wasm reads it; undefined if every option has its default. */
  #rules(options: { cookies?: CookieOptions | undefined } | undefined): Uint8Array | undefined {
    const [usual, own] = [this.#usual.cookies, options?.cookies];
    if (!usual && (own === undefined || own === null)) return undefined;
    const rules: Record<string, unknown> = { ...usual };
    for (const [name, value] of Object.entries(plain("cookies", own))) if (value !== undefined) rules[name] = value;
    for (const [name, value] of Object.entries(rules)) {
      // JSON would leave it out, and the attribute would not be set.
      if (!["string", "boolean", "undefined"].includes(typeof value) && !Number.isFinite(value)) {
        throw invalid(`cookies.${name} must be a string, a finite number or a boolean`);
      }
    }
    return utf8.encode(JSON.stringify(rules));
  }
}

/** UTF-8 of a header. One that is longer than anything servers accept is refused for its length, and needs no end. */
function bytesOf(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : utf8.encode(text.slice(0, MAX_LENGTH));
}

const utf8 = new TextEncoder();
const MAX_LENGTH = 2 ** 17 + 1;

/** Names and values of required claims, by turns. */
function claimsOf(required: Record<string, unknown> | undefined): unknown[] {
  return Object.entries(plain("required_claims", required)).flat();
}

/** What a check lacked: keys, or a policy and why. */
function lacking(error: unknown): readonly unknown[] {
  const isOfPolicy = !(error instanceof ClientError) || error.reason === "policy_unavailable";
  if (!isOfPolicy && error.code !== "jwks_unavailable") throw error;
  return ["loaded", ...(isOfPolicy ? trouble(error) : NO_TROUBLE), !isOfPolicy];
}

/** Why a request failed, in the places that the wasm reads. */
function trouble(error: unknown): readonly unknown[] {
  if (error instanceof StytchError) return [error.error_type, "", "", error.status_code];
  return [(error as RequestError).reason, ...NO_ANSWER.slice(1)];
}

/** By the numbers that the wasm knows. */
const FALLBACKS: readonly RemoteFallback[] = ["always", "stale", "never"];

/** Stands for a verdict that only the API can give. */
const ASKS = Symbol("asks");

const NO_TROUBLE = ["", "", "", undefined] as const;

const LOADED = ["loaded", ...NO_TROUBLE, false] as const;

const NO_ANSWER = ["api_unavailable", "", "", 0] as const;

/** Without keys, without a policy, a question, its answer. */
const MAX_ROUNDS = 4;
