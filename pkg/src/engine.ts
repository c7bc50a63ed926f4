// The one wasm instance of an entry in this isolate: it is started, entered, and replaced after a trap here. The part of its
// executor that awaits is here too. This module does not know what the exports do.

import { functions as exports, initSync } from "#wasm";
import { ClientError, errorFrom, type Failure } from "./errors.js";
import { runtime, type Runtime } from "./runtime.js";

/** The functions of the wasm. */
export type Wasm = typeof exports;

/** A call of the wasm. It runs none of a caller's code. */
type Enter = (wasm: Wasm) => Step;

/** The result of a function of the wasm: JSON text, the number of a task that is not done, an object, or a boolean (recall.ts). */
export type Step = string | number | boolean | { value?: unknown; failure?: Failure; text?: string; number?: number };

/** The number of the instance, because an instance does not have the state of the one before. 0 before the first one. */
let generation = 0;

/** The slots of configurations that the instance has, by their text. */
export const slots = new Map<string, number>();

/** The credentials that have numbers in the instance (recall.ts). */
export const known = new Map<number, Known>();

/** Credentials with a number, and their result. */
export interface Known {
  /** The slot of the client. */
  client: number;
  inputs: readonly unknown[];
  number: number;
  /** The result as JSON text. */
  text: string;
  /** Null if the text must be parsed each time. */
  copier?: Copier | null;
}

/** A parsed result, which no caller gets, and its members that are objects or lists. */
export interface Copier {
  original: any;
  isList: boolean;
  members: [name: string, copier: Copier][];
}

let load: () => Promise<WebAssembly.Module>;

let loading: Promise<void> | undefined;

/** Starts the wasm from a module that is available already. */
export function boot(module: WebAssembly.Module, its: Partial<Runtime> = {}): void {
  Object.assign(runtime, its);
  initSync({ module });
  exports.connect(executor);
  generation += 1;
}

/** Sets how the first call that needs the wasm fetches it. */
export function bootLazily(loader: () => Promise<WebAssembly.Module>): void {
  load = loader;
}

/** Resolves once the wasm can be used. After a failure, the next call loads it again. */
export function ready(): Promise<void> {
  loading ??= load()
    .then((module) => boot(module))
    .catch((cause: unknown) => {
      throw new ClientError("wasm_not_ready", "the wasm could not be loaded", cause);
    })
    .finally(() => (loading = undefined));
  return loading;
}

/** Whether the wasm can be used now. Each call of a client begins with this function. */
export function isReady(): boolean {
  if (isTrapped) renew();
  return generation > 0;
}

/** The number of calls inside the wasm: a caller's code that the wasm calls may enter it again. */
let depth = 0;

/** Whether the instance trapped, and the first cause. The state of its memory is unknown then, so it must not be used again. */
let isTrapped = false;
let trap: unknown;

/** Enters the wasm and returns its step. Throws if the step is a failure. `enter` runs none of a caller's code. */
export function run(enter: Enter): Step {
  let step: Step | undefined;
  depth += 1;
  try {
    if (!isTrapped) step = enter(exports);
  } catch (cause) {
    // The stack may be exhausted: neither a call nor a new object is possible here.
    if (!isTrapped) trap = cause;
    isTrapped = true;
  }
  depth -= 1;
  if (isTrapped) {
    renew();
    throw new ClientError("internal", "the wasm failed; please report this", trap);
  }
  if (typeof step === "object" && Object.hasOwn(step, "failure")) throw errorFrom(step.failure!);
  return step!;
}

/**
 * Replaces the instance once no call is inside of it. If the stack does not suffice, this function throws, and the next call
 * of a client replaces the instance.
 */
function renew(): void {
  if (depth > 0) return;
  generation += 1;
  waits.clear();
  slots.clear();
  known.clear();
  // Tasks that wait for other tasks are lost too, and fail when they are resumed.
  for (const wake of wakers.values()) wake();
  wakers.clear();
  exports.__wbg_reset_state();
  exports.connect(executor);
  isTrapped = false;
}

/** The value of an export that is done: that of its JSON text, or the value itself. */
export function valueOf(step: Step): any {
  if (typeof step !== "string") return (step as { value?: unknown }).value;
  try {
    return JSON.parse(step);
  } catch {
    // The wasm wrote it, so only a runtime's own limits could refuse it.
    throw new ClientError("internal", "the result cannot be parsed here");
  }
}

/** Resumes a task until it is done, and returns its value. If the signal is aborted first, the task ends, and its reason is thrown. */
export async function finish(first: number, signal?: AbortSignal): Promise<any> {
  const born = generation;
  const running: Timer[] = [];
  let [step, task, end]: [Step, number, () => void] = [first, first, () => {}];
  try {
    const aborted = signal && new Promise<void>((resolve) => signal.addEventListener("abort", (end = () => resolve()), { once: true }));
    while (typeof step === "number") {
      task = step;
      // The task may have called a hook of the caller, which aborted the signal.
      throwIfAborted(signal);
      const { ends, timers } = waitsOf(task);
      waits.delete(task);
      running.push(...timers);
      const resume = await Promise.race(aborted ? [...ends, aborted] : ends);
      if (generation !== born) throw new ClientError("internal", "the wasm failed during this call");
      throwIfAborted(signal);
      step = run(resume as Enter);
    }
    return valueOf(step);
  } finally {
    // A task may have reported a wait although it ended.
    if (generation === born) {
      running.push(...(waits.get(task)?.timers ?? []));
      waits.delete(task);
      if (typeof step === "number") cancel(task);
    }
    for (const timer of running) clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

/** Ends a task that is not done, so that other calls do not wait for it. */
function cancel(task: number): void {
  try {
    run((wasm) => wasm.cancel(task));
  } catch {
    // The instance trapped. The next call replaces it.
  }
  wakers.delete(task);
}

/** Throws the reason of a signal that is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason;
}

type Timer = ReturnType<typeof setTimeout>;

/** The waits of a task that was polled and is not awaited yet. */
interface Waits {
  /** The calls that resume the task, one for each wait. They are never rejected. */
  ends: Promise<Enter>[];
  /** The timers that the task has started. */
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

/** Tasks report their waits here: `Executor` in npm/src/tasks.rs. */
const executor = {
  promise(task: number, wait: number, promise: Promise<unknown>): void {
    const resume = (ok: boolean) => (value: unknown) => (wasm: Wasm) => wasm.resume(task, wait, ok, value);
    waitsOf(task).ends.push(awaited(promise).then(resume(true), resume(false)));
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

/** A caller's promise may throw when it is used; this one does not. */
const awaited = async (promise: Promise<unknown>): Promise<unknown> => await promise;
