// The one wasm instance of this isolate: how it is started, entered, and replaced after a trap; and the part of its
// executor that awaits. Does not know what the exports do.

import * as exports from "../wasm/stytch_edge.js";
import type { WaitUntil } from "./config.js";
import { ClientError, errorFrom, type Failure } from "./errors.js";

/** The functions of the wasm. */
export type Wasm = typeof exports;

/** A call of the wasm. It runs none of a caller's code. */
type Enter = (wasm: Wasm) => Step;

/** What a function of the wasm returns: JSON text, the number of a task that waits for something, or an object. */
export type Step = string | number | { value?: unknown; failure?: Failure };

/** What boot/<runtime>.ts says of its runtime. */
interface Runtime {
  /** Whether one call may await what another has requested; not so on workerd. */
  shares_pending: boolean;
  /** The runtime's own waitUntil, if it has one. */
  wait_until?: WaitUntil;
}

export const runtime: Runtime = { shares_pending: true };

/** Counts instances: what one instance knows, another one does not. Before the first it is 0. */
export let generation = 0;

let load: () => Promise<WebAssembly.Module>;

let loading: Promise<void> | undefined;

/** Starts the wasm from a module that is available already. */
export function boot(module: WebAssembly.Module, its: Partial<Runtime> = {}): void {
  Object.assign(runtime, its);
  exports.initSync({ module });
  exports.connect(executor);
  generation += 1;
}

/** Has the wasm fetched by the first call that needs it. */
export function bootLazily(loader: () => Promise<WebAssembly.Module>): void {
  load = loader;
}

/** Resolves once the wasm can be used. A load that failed is tried again by the next call. */
export async function ready(): Promise<void> {
  loading ??= load()
    .then((module) => boot(module))
    .finally(() => (loading = undefined));
  await loading.catch((cause: unknown) => {
    throw new ClientError("wasm_not_ready", "the wasm could not be loaded", cause);
  });
}

/** Whether the wasm can be used now. */
export function isReady(): boolean {
  return generation > 0;
}

/** How many calls are inside the wasm: a caller's own code that it calls may enter it again. */
let depth = 0;

/** What the instance trapped with. Its memory is in an unknown state, so nothing of it may be used again. */
let trap: { cause: unknown } | undefined;

/** Enters the wasm and returns the step it answers with, unless that is a failure. `enter` runs none of a caller's code. */
export function run(enter: Enter): Step {
  let step: Step | undefined;
  depth += 1;
  try {
    if (!trap) step = enter(exports);
  } catch (cause) {
    trap ??= { cause };
  }
  depth -= 1;
  if (trap) throw broken(trap.cause);
  if (typeof step === "object" && Object.hasOwn(step, "failure")) throw errorFrom(step.failure!);
  return step!;
}

/** Replaces the instance once no call is inside of it. */
function broken(cause: unknown): ClientError {
  if (depth === 0) {
    trap = undefined;
    generation += 1;
    waits.clear();
    // Tasks that wait for others are lost like all, and fail when they are resumed.
    for (const wake of wakers.values()) wake();
    wakers.clear();
    exports.__wbg_reset_state();
    exports.connect(executor);
  }
  return new ClientError("internal", "the wasm failed; please report this", cause);
}

/** What an export that is done returns: the value of its JSON text, or the value itself. */
export function valueOf(step: Step): any {
  if (typeof step !== "string") return (step as { value?: unknown }).value;
  try {
    return JSON.parse(step);
  } catch {
    // The wasm wrote it, so only a runtime's own limits could refuse it.
    throw new ClientError("internal", "the result cannot be parsed here");
  }
}

/** Resumes a task until it is done, and returns its value. */
export async function finish(first: Step): Promise<any> {
  const born = generation;
  const running: Timer[] = [];
  let step = first;
  try {
    while (typeof step === "number") {
      const { ends, timers } = waitsOf(step);
      waits.delete(step);
      running.push(...timers);
      const resume = await Promise.race(ends);
      if (generation !== born) throw new ClientError("internal", "the wasm failed during this call");
      step = run(resume);
    }
    return valueOf(step);
  } finally {
    for (const timer of running) clearTimeout(timer);
  }
}

type Timer = ReturnType<typeof setTimeout>;

/** What a task waits for that was polled and is not awaited yet. */
interface Waits {
  /** How the task is resumed, once a wait has ended. */
  ends: Promise<Enter>[];
  /** The timers that it has started. */
  timers: Timer[];
}

const waits = new Map<number, Waits>();

function waitsOf(task: number): Waits {
  const known = waits.get(task) ?? { ends: [], timers: [] };
  waits.set(task, known);
  return known;
}

/** Ends the waits of tasks that wait for other tasks. */
const wakers = new Map<number, () => void>();

/** What tasks tell of their waits: `Executor` in npm/src/tasks.rs. */
const executor = {
  promise(task: number, wait: number, promise: Promise<unknown>): void {
    waitsOf(task).ends.push(ended(task, wait, promise));
  },

  /** Starts a timer. workerd has none at module scope: the promise is rejected there. */
  timer(task: number, milliseconds: number): Promise<void> {
    return new Promise((resolve) => waitsOf(task).timers.push(setTimeout(resolve, milliseconds)));
  },

  sleep(task: number): void {
    executor.promise(task, 0, new Promise<void>((resolve) => wakers.set(task, resolve)));
  },

  wake(task: number): void {
    wakers.get(task)?.();
    wakers.delete(task);
  },
};

/** How a task is resumed, once a promise that it waits for has settled. This is never rejected. */
async function ended(task: number, wait: number, promise: Promise<unknown>): Promise<Enter> {
  try {
    const value = await promise;
    return (wasm) => wasm.resume(task, wait, true, value);
  } catch (reason) {
    return (wasm) => wasm.resume(task, wait, false, reason);
  }
}
