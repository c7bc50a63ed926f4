// @ts-check
// Checks of tokens as callers ask for them: at once with what is there, or with
// what is fetched when it turns out to be needed. Judges nothing: the wasm does.

import { behind, canGoOn, isReady, needReady, ready, run, runShared, runTask, underWay } from "./engine.js";
import { ClientError } from "./errors.js";
import { shelfOf } from "./stores.js";

/** Kinds of tokens, what the API says of one, and whose rights are asked, by the numbers that the wasm knows. */
export const KIND = { session: 0, connected_app: 1, machine: 2, introspection: 3, rights: 4 };

/** Added to a kind where a service asks, with lists of audiences and scopes before the permission. */
export const FOR_SERVICE = 8;

export class Checks {
  #config;
  #host;

  constructor(config, host) {
    this.#config = config;
    this.#host = { ...host, ...shelfOf(host, config.max_stale_seconds, (event) => this.tell(event)) };
  }

  /** Checks a token with what is there. */
  atOnce(kind, token, options, demand) {
    needReady();
    // What failed a moment ago is not worth more than what is here.
    const [outcome, value] = this.#checker(kind, token, options, demand, Date.now() - RECENT_MS)();
    if (outcome === "ageing" && canGoOn(this.#host.wait_until)) this.#refresh();
    if (outcome !== "needed") return value;
    const reason = value[0].startsWith("keys") ? "keys_unavailable" : "policy_unavailable";
    throw new ClientError("jwks_unavailable", NOT_LOADED, undefined, reason);
  }

  /** Checks a token, and fetches what turns out to be needed for it. */
  async inTime(kind, token, options, demand) {
    if (!isReady()) await ready();
    return this.settled(this.#checker(kind, token, options, demand));
  }

  /**
   * Goes on until `attempt` misses nothing any more, and fetches what it does miss.
   * `wait_until` is the call's own, if it has one.
   */
  async settled(attempt, wait_until) {
    const failures = new Map();
    let waits = 0;
    for (let round = 0; round < MAX_ROUNDS; ) {
      let step;
      try {
        // Even when no new keys came, older ones may do.
        step = attempt();
      } catch (error) {
        throw behindIt(error, failures) ?? error;
      }
      const [outcome, value] = step;
      if (outcome === "ageing") await this.#refresh(wait_until);
      if (outcome !== "needed") return value;
      if (value[0] === "keys under way") {
        waits += 1;
        if (waits > MAX_WAITS) throw new ClientError("jwks_unavailable", LOST, undefined, "timeout");
        await this.#othersKeys();
        continue;
      }
      round += 1;
      const again = value.find((need) => failures.has(need));
      if (again) throw firstOf(failures, again);
      await Promise.all(value.map((need) => this.#load(need).catch((error) => failures.set(need, error))));
    }
    throw new ClientError("jwks_unavailable", LOST, undefined, "keys_unavailable");
  }

  /** Fetches the key set, unless there is a fresh one. */
  async loadKeys() {
    await ready();
    this.#introduce();
    await this.#load("keys ahead");
  }

  /** The key set as it was served, fetched if need be. */
  async exportKeys() {
    await this.loadKeys();
    const [, text] = run((wasm) => wasm.load(this.#config, this.#host, "keys text"));
    const { keys } = resultOf(text);
    return { keys };
  }

  /** Tells the caller's hook of something that no call fails by; what it does is its own business. */
  async tell(event) {
    try {
      await this.#host.on_event?.({ ...event, project_id: this.#config.project_id });
    } catch {
      // A hook is told and not asked.
    }
  }

  /** A check with what is there, for this moment; every call of it is one try. */
  #checker(kind, token, options, demand, came = Date.now()) {
    const { place } = this.#config;
    // The wasm takes numbers only; converting a visitor's JSON could run into anything.
    const tolerance = numberOr(0, options?.clock_tolerance_seconds);
    const age = numberOr(undefined, options?.max_token_age_seconds);
    const now = momentOf(options);
    return () => {
      const clock = Date.now();
      return this.attempt((wasm) => wasm.check(place, kind, bytesOf(token), tolerance, age, now, demand, clock, came));
    };
  }

  /**
   * Enters the wasm, which gets to know this client's place if it does not: what came of
   * it and the result, or what is needed.
   */
  attempt(enter) {
    let step = run(enter);
    if (step[1]?.[0] === "place") {
      this.#introduce();
      step = run(enter);
    }
    if (typeof step === "string") return ["done", resultOf(step)];
    return step[0] === "ageing" && typeof step[1] === "string" ? ["ageing", resultOf(step[1])] : step;
  }

  /** Fetches the keys again; gives a promise only where that cannot go on behind the call. */
  #refresh(wait_until = this.#host.wait_until) {
    return behind(
      this.#load("keys").catch(() => {}),
      wait_until,
    );
  }

  async #load(need) {
    const { place, timeout_ms, secret } = this.#config;
    const work = () =>
      runTask((wasm) => wasm.load(this.#config, this.#host, need)).catch((error) => {
        const [type, organization_id] = need.split(/:(.*)/s);
        this.tell(type === "policy" ? { type: "policy_refresh_failed", organization_id, error } : { type: "keys_refresh_failed", error });
        throw error;
      });
    // Whoever brings a fetch or a limit of their own waits for that and no other.
    if (this.#host.fetch || this.#host.dispatcher) return work();
    // A policy is asked for with a secret, which may be wrong.
    return runShared(`${place} ${timeout_ms} ${need}`, work, need.startsWith("policy") ? secret : undefined);
  }

  /** Waits for the keys that another call fetches: with it, or, where that is not allowed, beside it. */
  async #othersKeys() {
    const { place, timeout_ms } = this.#config;
    const task = underWay(`${place} ${timeout_ms} keys`);
    await (task?.catch(() => {}) ?? new Promise((resolve) => setTimeout(resolve, WAIT_MS)));
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

/** What failed here, in place of the news that something is not there for that. */
function behindIt(error, failures) {
  if (error.code !== "jwks_unavailable") return undefined;
  return firstOf(failures, error.reason === "policy_unavailable" ? "policy" : "keys");
}

/** What failed of one kind: the project's own policy first, whichever failed sooner. */
function firstOf(failures, need) {
  const [kind] = need.split(":");
  const needs = [...failures.keys()].filter((failed) => failed.startsWith(kind));
  return failures.get(needs.sort()[0]);
}

/** Keys from a store, keys, then policies, and again in case other projects pushed them out. */
const MAX_ROUNDS = 6;

/** Five seconds, which is as long as a fetch of the keys may take. */
const WAIT_MS = 30;
const MAX_WAITS = 170;

/** As long as no unknown key has the key set fetched again. */
const RECENT_MS = 30_000;

const LOST = "the project's key set was lost";

const NOT_LOADED = "the project's keys or policies are not here yet; `await client.loadKeys()` and `loadPolicies()` fetch them";

const utf8 = new TextEncoder();

/** Where tokens are encoded, each in the place of the last: the wasm copies it before any other code can run. */
const room = new Uint8Array(8192);

/**
 * The UTF-8 of a token, good until the next. The glue's way with strings is slower, and so
 * is an array for each token.
 */
function bytesOf(token) {
  if (typeof token !== "string") return token === undefined || token === null ? undefined : NO_TEXT;
  const { read, written } = utf8.encodeInto(token, room);
  return read === token.length ? room.subarray(0, written) : utf8.encode(token);
}

/** Whatever stands in a token's place and is neither text nor absent. */
const NO_TEXT = false;

/** A result from its JSON, which the wasm wrote: only a runtime's own limits could refuse it. */
export function resultOf(json) {
  try {
    return JSON.parse(json);
  } catch {
    throw new ClientError("internal", "the result cannot be parsed here");
  }
}

/** The moment that a check is for, in milliseconds. */
export function momentOf(options) {
  return options?.current_date == null ? Date.now() : timeOf(options.current_date);
}

/** The number itself, or NaN, which the wasm refuses by name. */
export function numberOr(otherwise, value) {
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
