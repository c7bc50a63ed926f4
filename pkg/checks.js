// @ts-check
// Checks of tokens as callers ask for them: at once with what is there, or with
// what is fetched when it turns out to be needed. Judges nothing: the wasm does.

import { isReady, needReady, ready, run, runShared, runTask } from "./engine.js";
import { ClientError } from "./errors.js";

/** Kinds of tokens, what the API says of one, and whose rights are asked, by the numbers that the wasm knows. */
export const KIND = { session: 0, connected_app: 1, machine: 2, introspection: 3, rights: 4 };

export class Checks {
  #config;
  #host;

  constructor(config, host) {
    this.#config = config;
    this.#host = host;
  }

  /** Checks a token with what is there. */
  atOnce(kind, token, options, demand) {
    needReady();
    const [outcome, value] = this.#checker(kind, token, options, demand)();
    if (outcome === "done") return value;
    const reason = value.includes("keys") ? "keys_unavailable" : "policy_unavailable";
    throw new ClientError("jwks_unavailable", NOT_LOADED, undefined, reason);
  }

  /** Checks a token, and fetches what turns out to be needed for it. */
  async inTime(kind, token, options, demand) {
    if (!isReady()) await ready();
    return this.settled(this.#checker(kind, token, options, demand));
  }

  /** Goes on until `attempt` misses nothing any more, and fetches what it does miss. */
  async settled(attempt) {
    const failures = new Map();
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      let step;
      try {
        // Even when no new keys came, older ones may do.
        step = attempt();
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

  /** Fetches the key set, unless there is a fresh one. */
  async loadKeys() {
    await ready();
    this.#introduce();
    await this.#load("keys ahead");
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
    return () => this.attempt((wasm) => wasm.check(place, kind, bytes, tolerance, age, now, demand, ...token_cache));
  }

  /** Enters the wasm, which gets to know this client's place if it does not: the result, or what is needed. */
  attempt(enter) {
    let step = run(enter);
    if (step[1]?.[0] === "place") {
      this.#introduce();
      step = run(enter);
    }
    return typeof step === "string" ? ["done", resultOf(step)] : step;
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
}

/** What `authorization_check` asks for, as the wasm takes it. */
export function permission(options) {
  const check = options?.authorization_check;
  if (check === undefined || check === null) return undefined;
  return [check.action, check.resource_id, check.organization_id];
}

/** Keys, then policies, and one more of each in case another isolate's worth of projects pushed them out. */
const MAX_ROUNDS = 4;

const NOT_LOADED = "the project's keys or policies are not here yet; `await client.loadKeys()` and `loadPolicies()` fetch them";

const utf8 = new TextEncoder();

/** Whatever stands in a token's place and is neither text nor absent. */
const NO_TEXT = false;

/** A result from its JSON, which the wasm wrote: only a runtime's own limits could refuse it. */
function resultOf(json) {
  try {
    return JSON.parse(json);
  } catch {
    throw new ClientError("internal", "the result cannot be parsed here");
  }
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
