// Checks of tokens as callers ask for them: at once with what is available, or with
// what is fetched when it turns out to be needed. Decides nothing: the wasm does.

import type { ClientEvent, WaitUntil } from "./config.js";
import type { Host, WasmConfig } from "./config_checks.js";
import { behind, canGoOn, isReady, needReady, ready, run, runShared, runTask, underWay, type Step } from "./engine.js";
import { ClientError } from "./errors.js";
import { shelfOf, type Shelf } from "./stores.js";

/** Kinds of tokens, what the API says of one, and whose rights are asked, by the numbers that the wasm knows. */
export const KIND = { session: 0, connected_app: 1, machine: 2, introspection: 3, rights: 4 };

/** Added to a kind when a service checks a token, with lists of audiences and scopes before the permission. */
export const FOR_SERVICE = 8;

/** What a token must allow: scopes, or an action, a resource and an organization; for a service also audiences. */
export type Demand = readonly unknown[] | undefined;

/** What a check can be asked beyond that the token is good. */
export interface CheckOptions {
  clock_tolerance_seconds?: unknown;
  max_token_age_seconds?: unknown;
  current_date?: unknown;
}

/** An event, before it is known which project it is about. */
type Event = ClientEvent extends infer Each ? (Each extends ClientEvent ? Omit<Each, "project_id"> : never) : never;

/** What came of an attempt: a word, and the result or what is needed. */
type Attempted = readonly [outcome: string, value: any];

/** The checks of one client. */
export class Checks {
  #config: WasmConfig;
  #host: Host & Partial<Shelf>;

  constructor(config: WasmConfig, host: Host) {
    this.#config = config;
    this.#host = { ...host, ...shelfOf(host, config.max_stale_seconds, (event) => this.tell(event)) };
  }

  /** Checks a token with what is available. */
  atOnce(kind: number, token: unknown, options: CheckOptions | undefined, demand: Demand): any {
    needReady();
    // A failure that recent would be the same again.
    const [outcome, value] = this.#checker(kind, token, options, demand, Date.now() - RECENT_MS)();
    if (outcome === "ageing" && canGoOn(this.#host.wait_until)) this.#refresh();
    if (outcome !== "needed") return value;
    const reason = value[0].startsWith("keys") ? "keys_unavailable" : "policy_unavailable";
    throw new ClientError("jwks_unavailable", NOT_LOADED, undefined, reason);
  }

  /** Checks a token, and fetches what turns out to be needed for it. */
  async inTime(kind: number, token: unknown, options: CheckOptions | undefined, demand: Demand): Promise<any> {
    if (!isReady()) await ready();
    return this.settled(this.#checker(kind, token, options, demand));
  }

  /**
   * Repeats `attempt` until nothing is missing any more, and fetches what is missing.
   * `wait_until` is the call's own, if it has one.
   */
  async settled(attempt: () => Attempted, wait_until?: WaitUntil): Promise<any> {
    const failures = new Map<string, unknown>();
    let waits = 0;
    for (let round = 0; round < MAX_ROUNDS; ) {
      let step: Attempted;
      try {
        // Even when no new keys came, older ones may do.
        step = attempt();
      } catch (error) {
        throw behindIt(error as ClientError, failures) ?? error;
      }
      const [outcome, value] = step;
      if (outcome === "ageing") await this.#refresh(wait_until);
      if (outcome !== "needed") return value;
      const needs: string[] = value;
      if (needs[0] === "keys under way") {
        waits += 1;
        if (waits > MAX_WAITS) throw new ClientError("jwks_unavailable", LOST, undefined, "timeout");
        await this.#othersKeys();
        continue;
      }
      round += 1;
      const again = needs.find((need) => failures.has(need));
      if (again) throw firstOf(failures, again);
      await Promise.all(needs.map((need) => this.#load(need).catch((error: unknown) => failures.set(need, error))));
    }
    throw new ClientError("jwks_unavailable", LOST, undefined, "keys_unavailable");
  }

  /** Fetches the key set, unless there is a fresh one. */
  async loadKeys(): Promise<void> {
    await ready();
    this.#introduce();
    await this.#load("keys ahead");
  }

  /** The key set as it was served, fetched if need be. */
  async exportKeys(): Promise<{ keys: object[] }> {
    await this.loadKeys();
    const [, text] = run((wasm) => wasm.load(this.#config, this.#host, "keys text"));
    const { keys } = resultOf(text);
    return { keys };
  }

  /** Forgets the keys, policies and tokens that this client uses. */
  reset(): void {
    if (!isReady()) return;
    this.#introduce();
    run((wasm) => wasm.reset(this.#config.place));
  }

  /** Reports something that does not make a call fail to the caller's hook. What the hook throws is ignored. */
  async tell(event: Event): Promise<void> {
    try {
      await this.#host.on_event?.({ ...event, project_id: this.#config.project_id } as ClientEvent);
    } catch {
      // A hook is told and not asked.
    }
  }

  /** A check with what is available at this moment; every call of it is one attempt. */
  #checker(kind: number, token: unknown, options: CheckOptions | undefined, demand: Demand, came = Date.now()): () => Attempted {
    const { place } = this.#config;
    // The wasm takes numbers only; converting a user's JSON could run into anything.
    const tolerance = numberOr(0, options?.clock_tolerance_seconds);
    const age = numberOr(undefined, options?.max_token_age_seconds);
    const now = momentOf(options);
    return () => {
      const clock = Date.now();
      return this.attempt((wasm) => wasm.check(place, kind, bytesOf(token), tolerance!, age, now, demand, clock, came));
    };
  }

  /**
   * Enters the wasm, and tells it this client's configuration if it does not know it: what came of
   * it and the result, or what is needed.
   */
  attempt(enter: Parameters<typeof run>[0]): Attempted {
    let step: Step = run(enter);
    if (step[1]?.[0] === "place") {
      this.#introduce();
      step = run(enter);
    }
    if (typeof step === "string") return ["done", resultOf(step)];
    return step[0] === "ageing" && typeof step[1] === "string" ? ["ageing", resultOf(step[1])] : (step as Attempted);
  }

  /** Fetches the keys again; returns a promise only if that cannot go on in the background. */
  #refresh(wait_until = this.#host.wait_until): Promise<unknown> | undefined {
    return behind(
      this.#load("keys").catch(() => {}),
      wait_until,
    );
  }

  async #load(need: string): Promise<unknown> {
    const { place, timeout_ms, secret } = this.#config;
    const work = () =>
      runTask((wasm) => wasm.load(this.#config, this.#host, need)).catch((error: unknown) => {
        const [type, organization_id] = need.split(/:(.*)/s);
        void this.tell(type === "policy" ? { type: "policy_refresh_failed", organization_id, error } : { type: "keys_refresh_failed", error });
        throw error;
      });
    // A caller with a fetch or a dispatcher of its own waits for that and no other.
    if (this.#host.fetch || this.#host.dispatcher) return work();
    // A policy is requested with a secret, which may be wrong.
    return runShared(`${place} ${timeout_ms} ${need}`, work, need.startsWith("policy") ? secret : undefined);
  }

  /** Waits for the keys that another call fetches: with it, or, if that is not allowed, for a while. */
  async #othersKeys(): Promise<void> {
    const { place, timeout_ms } = this.#config;
    const task = underWay(`${place} ${timeout_ms} keys`);
    await (task?.catch(() => {}) ?? new Promise((resolve) => setTimeout(resolve, WAIT_MS)));
  }

  /** Tells the wasm this client's configuration, and passes the keys that it provides. */
  #introduce(): void {
    run((wasm) => wasm.load(this.#config, this.#host, "place"));
  }
}

/** What `authorization_check` asks for, as the wasm takes it. */
export function permission(options: { authorization_check?: unknown } | null | undefined): unknown[] | undefined {
  const check = options?.authorization_check as Record<string, unknown> | null | undefined;
  if (check === undefined || check === null) return undefined;
  return [check.action, check.resource_id, check.organization_id];
}

/** What failed here, instead of the message that something is missing because of it. */
function behindIt(error: ClientError, failures: Map<string, unknown>): unknown {
  if (error.code !== "jwks_unavailable") return undefined;
  return firstOf(failures, error.reason === "policy_unavailable" ? "policy" : "keys");
}

/** What failed of one kind: the project's own policy first, whichever failed sooner. */
function firstOf(failures: Map<string, unknown>, need: string): unknown {
  const [kind] = need.split(":") as [string];
  const needs = [...failures.keys()].filter((failed) => failed.startsWith(kind));
  return failures.get(needs.sort()[0]!);
}

/** Keys from a store, keys, then policies, and again in case other projects displaced them. */
const MAX_ROUNDS = 6;

/** Five seconds, which is as long as a fetch of the keys may take. */
const WAIT_MS = 30;
const MAX_WAITS = 170;

/** As long as no unknown key triggers a fetch of the key set. */
const RECENT_MS = 30_000;

const LOST = "the project's key set was lost";

const NOT_LOADED = "the project's keys or policies are not loaded yet; `await client.loadKeys()` and `loadPolicies()` fetch them";

const utf8 = new TextEncoder();

/** Where tokens are encoded, each over the last one: the wasm copies it before any other code can run. */
const buffer = new Uint8Array(8192);

/**
 * The UTF-8 of a token, valid until the next call. The glue's way with strings is slower, and so
 * is an array for each token.
 */
function bytesOf(token: unknown): Uint8Array | false | undefined {
  if (typeof token !== "string") return token === undefined || token === null ? undefined : NO_TEXT;
  const { read, written } = utf8.encodeInto(token, buffer);
  return read === token.length ? buffer.subarray(0, written) : utf8.encode(token);
}

/** Stands for a token that is neither text nor absent. */
const NO_TEXT = false;

/** A result from its JSON, which the wasm wrote: only a runtime's own limits could refuse it. */
export function resultOf(json: string): any {
  try {
    return JSON.parse(json);
  } catch {
    throw new ClientError("internal", "the result cannot be parsed here");
  }
}

/** The moment that a check is for, in milliseconds. */
export function momentOf(options: CheckOptions | undefined): number {
  return options?.current_date == null ? Date.now() : timeOf(options.current_date);
}

/** The number itself, or NaN, which the wasm refuses by name. */
export function numberOr<Otherwise>(otherwise: Otherwise, value: unknown): number | Otherwise {
  if (value === undefined || value === null) return otherwise;
  return typeof value === "number" ? value : NaN;
}

/** The milliseconds of a Date, of whichever realm; NaN for anything else. */
function timeOf(date: unknown): number {
  try {
    return Date.prototype.getTime.call(date as Date);
  } catch {
    return NaN;
  }
}
