// @ts-check
// Verdicts on requests: reads two headers, fetches and asks what the wasm says, and
// makes `Headers` of what it answers. Judges nothing.

import { momentOf, numberOr, permission, resultOf } from "./checks.js";
import { isReady, needReady, ready } from "./engine.js";
import { ClientError, OUR_OWN, StytchError } from "./errors.js";
import { plain } from "./options.js";

export class Visits {
  #config;
  #usual;
  #checks;
  #authenticate;

  /** `authenticate` asks the API; `usual` is what the client's configuration says of visits. */
  constructor(config, usual, checks, authenticate) {
    this.#config = config;
    this.#usual = usual;
    this.#checks = checks;
    this.#authenticate = authenticate;
  }

  /** The verdict on a Fetch `Request`, or on anything with its headers. */
  async verdict(request, options) {
    const asked = plain("the options", options);
    const remote_fallback = asked.remote_fallback ?? this.#usual.remote_fallback ?? "stale";
    const visit = this.#visit(headersOf(request), { ...asked, remote_fallback });
    try {
      return await this.#settled(visit);
    } catch (error) {
      // What the caller asks may be wrong; what a visitor sends is no error.
      if (!OUR_OWN.includes(error.code)) throw error;
      return { status: "unavailable", reason: "internal", headers: new Headers() };
    }
  }

  /** Whether the API is to be asked about a JWT. */
  async asks(session_jwt, options) {
    const visit = this.#visit([typeof session_jwt === "string" ? `Bearer ${session_jwt}` : "Bearer"], options);
    return (await this.#settled(visit, true)) === ASKS;
  }

  /** The cookies of a session that has just begun. */
  logIn(result, options) {
    const session = result?.[this.#sessionName] ?? result?.user_session;
    const { session_jwt, session_token } = result ?? {};
    if (typeof session_jwt !== "string" && typeof session_token !== "string") {
      throw new ClientError("invalid_argument", "sessionHeaders needs the result of a method that begins a session");
    }
    return this.#cookies(options, ["", session_jwt, session_token, session?.expires_at]);
  }

  /** The cookies of a session that is over. */
  logOut(options) {
    return this.#cookies(options, []);
  }

  #cookies(options, session) {
    needReady();
    const rules = this.#rules(options);
    const [, cookies] = this.#checks.attempt((wasm) => wasm.cookies(rules, Date.now(), session));
    return this.#headers(cookies);
  }

  #visit([authorization, cookie], options) {
    const { clock_tolerance_seconds, max_token_age_seconds, required_claims, remote_fallback } = options;
    const asked = [
      permission(options),
      momentOf(options),
      numberOr(0, clock_tolerance_seconds),
      numberOr(undefined, max_token_age_seconds),
      claimsOf(required_claims),
      FALLBACKS.indexOf(remote_fallback),
      this.#rules(options),
      Date.now(),
    ];
    return { headers: [bytesOf(authorization), bytesOf(cookie)], asked, options };
  }

  /** Goes on until there is a verdict, and does what it takes to have one. */
  async #settled({ headers, asked, options }, onlyAsks = false) {
    if (!isReady()) await ready();
    const { place } = this.#config;
    let [outcome, session] = [[], undefined];
    const attempt = () => {
      const now = outcome;
      // What another attempt has fetched is not what this call found.
      if (!now.length) outcome = LOADED;
      return this.#checks.attempt((wasm) => wasm.visit(place, ...headers, asked, Date.now(), now));
    };
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const found = await this.#checks.settled(attempt, options.wait_until).catch((error) => {
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
  async #asked(fields, { authorization_check, session_duration_minutes }) {
    try {
      const answer = await this.#authenticate({ ...fields, authorization_check, session_duration_minutes });
      const session = answer[this.#sessionName];
      if (typeof session !== "object" || session === null) return [["refused", ...NO_ANSWER]];
      return [["answered", answer.session_jwt, answer.session_token, session.expires_at], session];
    } catch (error) {
      if (error instanceof ClientError) throw error;
      return [["refused", ...trouble(error)]];
    }
  }

  /** The verdict as callers get it, each with objects of their own. */
  #shown([status, word, local, session_jwt, claims, ...cookies], remote) {
    const headers = this.#headers(cookies);
    if (status !== "authenticated") return { status, reason: word, headers };
    const session = local ? resultOf(local) : remote;
    return { status, via: word, [this.#sessionName]: session, session_jwt, claims: resultOf(claims), headers };
  }

  get #sessionName() {
    return this.#config.product === "b2b" ? "member_session" : "session";
  }

  #headers([unset, ...lines]) {
    const headers = new Headers();
    for (const line of lines) headers.append("Set-Cookie", line);
    if (unset) this.#checks.tell({ type: "cookie_too_large", cookie: unset });
    return headers;
  }

  /** How cookies are made, as the wasm reads it; nothing where all is as usual. */
  #rules(options) {
    const [usual, own] = [this.#usual.cookies, options?.cookies];
    return usual || own ? bytesOf(JSON.stringify({ ...usual, ...own })) : undefined;
  }
}

/** The two headers that may carry a session. */
function headersOf(request) {
  if (typeof request?.headers?.get !== "function") {
    throw new ClientError("invalid_argument", "authenticateRequest needs a Request, or an object with its headers");
  }
  return ["Authorization", "Cookie"].map((name) => request.headers.get(name));
}

/** UTF-8 of a text. One that is longer than anything servers pass on is refused for its length, and needs no end. */
function bytesOf(text) {
  return typeof text === "string" ? utf8.encode(text.slice(0, MAX_LENGTH)) : undefined;
}

const utf8 = new TextEncoder();
const MAX_LENGTH = 2 ** 17 + 1;

/** Names and values of required claims, by turns. */
function claimsOf(required) {
  return Object.entries(plain("required_claims", required)).flat();
}

/** What a check could not have: keys, or a policy and why. */
function lacking(error) {
  const isOfPolicy = !(error instanceof ClientError) || error.reason === "policy_unavailable";
  if (!isOfPolicy && error.code !== "jwks_unavailable") throw error;
  return ["loaded", ...(isOfPolicy ? trouble(error) : NO_TROUBLE), !isOfPolicy];
}

/** Why a request brought nothing, in the places that the wasm reads. */
function trouble(error) {
  if (error instanceof StytchError) return [error.error_type, "", "", error.status_code];
  return [error.reason, ...NO_ANSWER.slice(1)];
}

/** By the numbers that the wasm knows. */
const FALLBACKS = ["always", "stale", "never"];

/** Stands for a verdict that only the API can give. */
const ASKS = Symbol("asks");

const NO_TROUBLE = ["", "", "", undefined];

const LOADED = ["loaded", ...NO_TROUBLE, false];

const NO_ANSWER = ["api_unavailable", "", "", 0];

/** Without keys, without a policy, a question, its answer. */
const MAX_ROUNDS = 4;
