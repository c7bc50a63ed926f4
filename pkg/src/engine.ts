// The one wasm instance of this isolate: how it is started, entered, and replaced after a trap; and the part of its
// executor that awaits. Does not know what the exports do.

import * as exports from "../wasm/stytch_edge.js";
import type { WaitUntil } from "./config.js";
import { ClientError, errorFrom, type Failure } from "./errors.js";

/** The functions of the wasm. */
export type Wasm = typeof exports;

/** What a function of the wasm returns: JSON text, the number of a task that waits for something, or an object. */
export type Step = string | number | { value?: unknown; failure?: Failure };

let compiled: WebAssembly.Module | undefined;

let load: () => Promise<WebAssembly.Module>;

let loading: Promise<void> | undefined;

/** Whether one call may await what another has requested; not so on workerd. */
let shares = true;

/** The runtime's own waitUntil, if it has one. */
let waitUntil: WaitUntil | undefined;

/** Counts instances: what one instance knows, another one does not. */
let generation = 0;

/** Whether one call may await what another has requested. */
export function canShare(): boolean {
  return shares;
}

/** The number of the instance that is in use. */
export function instanceNumber(): number {
  return generation;
}

/** Starts the wasm from a module that is available already. */
export function boot(module: WebAssembly.Module, options: { shares_pending?: boolean; wait_until?: WaitUntil } = {}): void {
  shares = options.shares_pending ?? true;
  waitUntil = options.wait_until;
  exports.initSync({ module });
  exports.connect(executor);
  compiled = module;
}

/** Has the wasm fetched by the first call that needs it. */
export function bootLazily(loader: () => Promise<WebAssembly.Module>): void {
  load = loader;
}

/** Resolves once the wasm can be used. A load that failed is tried again by the next call. */
export async function ready(): Promise<void> {
  if (compiled) return;
  loading ??= load()
    .then((module) => boot(module))
    .finally(() => (loading = undefined));
  await loading.catch((cause: unknown) => {
    throw new ClientError("wasm_not_ready", "the wasm could not be loaded", cause);
  });
}

/** Whether the wasm can be used now. */
export function isReady(): boolean {
  return compiled !== undefined;
}

/** Throws unless the wasm can be used now. */
export function needReady(): void {
  if (isReady()) return;
  throw new ClientError("wasm_not_ready", "the wasm is not loaded yet; await a call such as client.loadKeys() first");
}

/** How many calls are inside the wasm: a caller's own code that it calls may enter it again. */
let depth = 0;

/** What the instance trapped with. Its memory is in an unknown state, so nothing of it may be used again. */
let trap: { cause: unknown } | undefined;

/** Enters the wasm and returns the step it answers with, unless that is a failure. `enter` runs none of a caller's code. */
export function run(enter: (wasm: Wasm) => Step): Step {
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
  return typeof step === "string" ? parsed(step) : (step as { value?: unknown }).value;
}

/** The value of JSON text that the wasm wrote: only a runtime's own limits could refuse it. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ClientError("internal", "the result cannot be parsed here");
  }
}

/** Resumes a task until it is done, and returns its value. */
export async function finish(first: Step): Promise<any> {
  const born = generation;
  const timers = new Map<number, Timer>();
  try {
    let step = first;
    while (typeof step === "number") {
      const task = step;
      const [wait, ok, outcome] = await settled(task, timers);
      if (generation !== born) throw new ClientError("internal", "the wasm failed during this call");
      step = run((wasm) => wasm.resume(task, wait, ok, outcome));
    }
    return valueOf(step);
  } finally {
    for (const { handle } of timers.values()) clearTimeout(handle);
  }
}

/** The end of a wait: its number, and the value or what the promise was rejected with. */
type Settled = readonly [wait: number, ok: boolean, outcome: unknown];

interface Timer {
  handle: ReturnType<typeof setTimeout> | undefined;
  promise: Promise<Settled>;
}

/** What a task waits for. */
interface Wait {
  wait: number;
  promise?: Promise<unknown>;
  milliseconds?: number;
}

const waits = new Map<number, Wait[]>();

/** Ends the waits of tasks that wait for other tasks. */
const wakers = new Map<number, () => void>();

/** The first wait of a task that ends. */
function settled(task: number, timers: Map<number, Timer>): Promise<Settled> {
  const awaited = waits.get(task) ?? [];
  waits.delete(task);
  const ends = awaited.map(({ wait, promise, milliseconds }): Promise<Settled> => {
    if (promise) {
      return promise.then(
        (value) => [wait, true, value] as const,
        (reason: unknown) => [wait, false, reason] as const,
      );
    }
    const timer = timers.get(wait) ?? started(wait, milliseconds!);
    timers.set(wait, timer);
    return timer.promise;
  });
  return ends.length === 1 ? ends[0]! : Promise.race(ends);
}

function started(wait: number, milliseconds: number): Timer {
  let handle: Timer["handle"];
  const promise = new Promise<Settled>((resolve) => {
    try {
      handle = setTimeout(resolve, milliseconds, [wait, true, undefined] as const);
    } catch {
      // workerd has no timers at module scope, and no fetch either: the call fails there anyway.
    }
  });
  return { handle, promise };
}

/** What tasks tell of their waits. */
const executor = {
  promise(task: number, wait: number, promise: Promise<unknown>): void {
    waitsOf(task).push({ wait, promise });
  },

  timer(task: number, wait: number, milliseconds: number): void {
    waitsOf(task).push({ wait, milliseconds });
  },

  sleep(task: number): void {
    const promise = new Promise<void>((resolve) => wakers.set(task, resolve));
    waitsOf(task).push({ wait: 0, promise });
  },

  wake(task: number): void {
    wakers.get(task)?.();
    wakers.delete(task);
  },
};

function waitsOf(task: number): Wait[] {
  const known = waits.get(task);
  if (known) return known;
  const none: Wait[] = [];
  waits.set(task, none);
  return none;
}

/** Whether work may continue in the background of a call. */
export function canGoOn(wait_until: WaitUntil | undefined = waitUntil): boolean {
  return shares || wait_until !== undefined;
}

/**
 * Lets a promise, which is not rejected, continue in the background. Returns it if it has to be
 * awaited because the runtime would end it with the response.
 */
export function behind(promise: Promise<unknown>, wait_until: WaitUntil | undefined = waitUntil): Promise<unknown> | undefined {
  try {
    wait_until?.(promise);
    if (wait_until) return undefined;
  } catch {
    // Outside of a request there is nothing that could be kept waiting.
  }
  return shares ? undefined : promise;
}
