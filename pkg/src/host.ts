// The caller's own code that a client uses: a fetch, a store, background work and a hook for events. The wasm calls it
// through this module (npm/src/platform.rs). No method throws.

import type { ClientConfig, WaitUntil } from "./config.js";
import { finish } from "./engine.js";
import { errorFrom, type Failure } from "./errors.js";
import { runtime } from "./runtime.js";
import { textIn, textTo } from "./stores.js";

/** The hooks that are called with events. */
export type HookName = "on_event" | "on_request" | "on_response" | "on_retry" | "on_verdict";

/** The parts of a configuration that belong to the runtime or are the caller's own code, and the project of events. */
export interface Hooks extends Pick<ClientConfig, "dispatcher" | "wait_until" | "store" | "project_id" | HookName> {
  own_fetch: ClientConfig["fetch"];
}

/** An event, except its project. An error of ours is described by `failure`. */
interface Reported {
  type: string;
  operation?: string;
  error?: unknown;
  failure?: Failure;
}

/** A client's host. */
export class Host {
  readonly may_await_others = runtime.shares_pending;
  readonly resends_text = runtime.resends_text;

  constructor(readonly hooks: Hooks, readonly wait_until = hooks.wait_until ?? runtime.wait_until) {}

  /** The same host for one call, with the call's own `wait_until` if it has one. */
  for(wait_until: WaitUntil | undefined): Host {
    return wait_until ? new Host(this.hooks, wait_until) : this;
  }

  /** The store's text for a key, if it is usable. */
  store_get(key: string): Promise<string | undefined> {
    return textIn(this.hooks.store!, key).catch((error: unknown) => this.report({ type: "store_failed", operation: "get", error }));
  }

  store_put(key: string, value: string, ttl_seconds: number): Promise<void> {
    const put = textTo(this.hooks.store!, key, value, ttl_seconds);
    return put.catch((error: unknown) => this.report({ type: "store_failed", operation: "put", error }));
  }

  /** Continues a task in the background. Returns a promise if the call has to await it. */
  background(task: number): Promise<unknown> | undefined {
    const done = finish(task).catch(() => {});
    try {
      this.wait_until?.call(undefined, done);
      if (this.wait_until) return undefined;
    } catch {
      // It throws outside of a request.
    }
    return runtime.shares_pending ? undefined : done;
  }

  /** Whether one of the hooks for requests is set. */
  get observes(): boolean {
    return Boolean(this.hooks.on_request ?? this.hooks.on_response ?? this.hooks.on_retry);
  }

  /** Calls the caller's hook with an event that does not make a call fail. */
  report({ failure, ...event }: Reported): undefined {
    return this.call("on_event", { ...event, ...(failure && { error: errorFrom(failure) }) });
  }

  /** Calls a hook of the caller with an event. An error of the hook is ignored. */
  call(hook: HookName, event: object): undefined {
    if (!this.hooks[hook]) return;
    try {
      const result: unknown = this.hooks[hook]({ ...event, project_id: this.hooks.project_id } as any);
      // A hook may be async.
      Promise.resolve(result).catch(() => {});
    } catch {
      // A hook does not change the result of a call.
    }
  }
}
