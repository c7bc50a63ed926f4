// What a client brings of its own, as the wasm calls it (npm/src/platform.rs): a fetch, a store, background work and a
// hook for events. Nothing here throws.

import type { ClientConfig, ClientEvent, WaitUntil } from "./config.js";
import { finish, runtime } from "./engine.js";
import { errorFrom, type Failure } from "./errors.js";
import { textIn, textTo } from "./stores.js";

/** The parts of a configuration that belong to the runtime or are the caller's own code. */
export type Hooks = Pick<ClientConfig, "dispatcher" | "fetch" | "wait_until" | "on_event" | "store">;

/** An event, except its project. An error of ours is described by `failure`. */
interface Reported {
  type: string;
  operation?: string;
  error?: unknown;
  failure?: Failure;
}

/** A client's host. */
export class Host {
  readonly hooks: Hooks;
  readonly own_fetch: Hooks["fetch"];
  readonly #project_id: string;
  readonly #wait_until: WaitUntil | undefined;

  constructor(hooks: Hooks, project_id: string, wait_until: WaitUntil | undefined = hooks.wait_until ?? runtime.wait_until) {
    this.hooks = hooks;
    this.own_fetch = hooks.fetch;
    this.#project_id = project_id;
    this.#wait_until = wait_until;
  }

  /** The same host for one call, with the call's own `wait_until` if it has one. */
  for(wait_until: WaitUntil | undefined): Host {
    return wait_until ? new Host(this.hooks, this.#project_id, wait_until) : this;
  }

  get may_await_others(): boolean {
    return runtime.shares_pending;
  }

  get has_background(): boolean {
    return runtime.shares_pending || this.#wait_until !== undefined;
  }

  /** What the store has under a key, as far as it is usable text. */
  store_get(key: string): Promise<string | undefined> {
    return textIn(this.hooks.store!, key).catch((error: unknown) => this.report({ type: "store_failed", operation: "get", error }));
  }

  store_put(key: string, value: string, ttl_seconds: number): Promise<void> {
    const put = textTo(this.hooks.store!, key, value, ttl_seconds);
    return put.catch((error: unknown) => this.report({ type: "store_failed", operation: "put", error }));
  }

  /** Continues a task after the call. Returns a promise if the call has to await it. */
  background(task: number): Promise<unknown> | undefined {
    const done = finish(task).catch(() => {});
    try {
      this.#wait_until?.call(undefined, done);
      if (this.#wait_until) return undefined;
    } catch {
      // Outside of a request there is nothing that could be kept waiting.
    }
    return runtime.shares_pending ? undefined : done;
  }

  /** Reports something that does not make a call fail to the caller's hook. What the hook throws is ignored. */
  report({ failure, ...event }: Reported): undefined {
    const error = failure && { error: errorFrom(failure) };
    try {
      const told = this.hooks.on_event?.({ ...event, ...error, project_id: this.#project_id } as ClientEvent) as unknown;
      // A hook may be async.
      Promise.resolve(told).catch(() => {});
    } catch {
      // A hook is told and not asked.
    }
  }
}
