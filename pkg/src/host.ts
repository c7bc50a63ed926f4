// What a client brings of its own, as the wasm calls it (npm/src/platform.rs): a fetch, a store, background work and a
// hook for events. Nothing here throws.

import type { ClientConfig, ClientEvent, WaitUntil } from "./config.js";
import { behind, canGoOn, canShare, finish } from "./engine.js";
import { errorFrom, type Failure } from "./errors.js";
import { textIn, textTo } from "./stores.js";

/** The parts of a configuration that belong to the runtime or are the caller's own code. */
export type Hooks = Pick<ClientConfig, "dispatcher" | "fetch" | "wait_until" | "on_event" | "store">;

/** An event as the wasm reports it. */
interface Reported {
  type: string;
  error?: Failure;
}

/** A client's host. */
export class Host {
  readonly own_fetch: Hooks["fetch"];
  readonly dispatcher: Hooks["dispatcher"];
  readonly #hooks: Hooks;
  readonly #project_id: string;

  constructor(hooks: Hooks, project_id: string) {
    this.own_fetch = hooks.fetch;
    this.dispatcher = hooks.dispatcher;
    this.#hooks = hooks;
    this.#project_id = project_id;
  }

  /** The same host for one call, with the call's own `wait_until` if it has one. */
  for(wait_until: WaitUntil | undefined): Host {
    return wait_until ? new Host({ ...this.#hooks, wait_until }, this.#project_id) : this;
  }

  get may_await_others(): boolean {
    return canShare();
  }

  /** A caller with a fetch or a dispatcher of its own awaits no request of another. */
  get has_common_network(): boolean {
    return !this.own_fetch && !this.dispatcher;
  }

  get has_background(): boolean {
    return canGoOn(this.#hooks.wait_until);
  }

  get has_store(): boolean {
    return this.#hooks.store !== undefined;
  }

  /** What the store has under a key, as far as it is usable text. */
  store_get(key: string): Promise<string | undefined> {
    return textIn(this.#hooks.store!, key).catch((error: unknown) => this.#failed("get", error));
  }

  store_put(key: string, value: string, ttl_seconds: number): Promise<void> {
    return textTo(this.#hooks.store!, key, value, ttl_seconds).catch((error: unknown) => this.#failed("put", error));
  }

  /** Continues a task after the call. Returns a promise if the call has to await it. */
  background(task: number): Promise<unknown> | undefined {
    return behind(
      finish(task).catch(() => {}),
      this.#hooks.wait_until,
    );
  }

  /** Reports something that does not make a call fail to the caller's hook. What the hook throws is ignored. */
  report(event: Reported): void {
    const error = event.type === "store_failed" ? new Error("the store took too long") : event.error && errorFrom(event.error);
    this.#tell({ ...event, ...(error && { error }) });
  }

  #failed(operation: "get" | "put", error: unknown): undefined {
    this.#tell({ type: "store_failed", operation, error });
  }

  #tell(event: object): void {
    try {
      const told = this.#hooks.on_event?.({ ...event, project_id: this.#project_id } as ClientEvent) as unknown;
      // A hook may be async.
      Promise.resolve(told).catch(() => {});
    } catch {
      // A hook is told and not asked.
    }
  }
}
