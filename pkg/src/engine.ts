// The one wasm instance of this isolate: how it is started, entered, and replaced
// after a trap. Does not know what the exports do, only that they answer with
// steps (npm/src/tasks.rs).

import {
  __wbg_reset_state,
  call,
  check,
  cookies,
  initSync,
  introspection_outcome,
  load as loadNeed,
  policy_outcome,
  reset,
  resume,
  visit,
} from "../wasm/stytch_edge.js";
import type { WaitUntil } from "./config.js";
import { ClientError, errorFrom } from "./errors.js";

// By name and not as a namespace, of which bundlers keep all that is never called.
const exports = { call, check, cookies, introspection_outcome, load: loadNeed, policy_outcome, reset, resume, visit };

/** What an export answers with: a word, and what belongs to it. Checks that are done answer with JSON text alone. */
export type Step = readonly any[] | string;

let compiled: WebAssembly.Module | undefined;

let load: () => Promise<WebAssembly.Module>;

let loading: Promise<void> | undefined;

/** Whether one call may await what another has started; not so on workerd. */
let shares = true;

/** Whether one call may await what another has started. */
export function canShare(): boolean {
  return shares;
}

/** The runtime's own waitUntil, if it has one. */
let waitUntil: WaitUntil | undefined;

/** Counts instances. The number of a task means something in one of them only. */
let generation = 0;

/** Starts the wasm from a module that is available already. */
export function boot(module: WebAssembly.Module, options: { shares_pending?: boolean; wait_until?: WaitUntil } = {}): void {
  shares = options.shares_pending ?? true;
  waitUntil = options.wait_until;
  initSync({ module });
  compiled = module;
}

/** Has the wasm fetched by the first call that needs it. */
export function bootLazily(loader: () => Promise<WebAssembly.Module>): void {
  load = loader;
}

/** Resolves once the exports can be used. A load that failed is tried again by the next call. */
export async function ready(): Promise<void> {
  if (compiled) return;
  loading ??= load()
    .then((module) => boot(module))
    .finally(() => (loading = undefined));
  await loading.catch((cause: unknown) => {
    throw new ClientError("wasm_not_ready", "the wasm could not be loaded", cause);
  });
}

/** Whether the exports can be used now. */
export function isReady(): boolean {
  return compiled !== undefined;
}

/** Throws unless the exports can be used now. */
export function needReady(): void {
  if (isReady()) return;
  throw new ClientError("wasm_not_ready", "the wasm is not loaded yet; await a call such as client.loadKeys() first");
}

/** Enters the exports and returns the step they answer with, unless it is a failure. */
export function run(enter: (wasm: typeof exports) => Step): Step {
  let step: Step;
  try {
    step = enter(exports);
  } catch (trap) {
    // It leaves memory in an unknown state: nothing of it may be used again.
    generation += 1;
    __wbg_reset_state();
    throw new ClientError("internal", "the wasm failed; please report this", trap);
  }
  if (step[0] === "failed") throw errorFrom((step as readonly any[])[1]);
  return step;
}

/** Runs a task to its end: `begin` returns its first step. */
export async function runTask(begin: (wasm: typeof exports) => Step): Promise<any> {
  const born = generation;
  let step = run(begin);
  while (step[0] === "waiting") {
    const [, number, promise] = step as readonly [string, number, Promise<unknown>];
    const [ok, outcome] = await promise.then(
      (value) => [true, value] as const,
      (reason: unknown) => [false, reason] as const,
    );
    if (generation !== born) throw new ClientError("internal", "the wasm failed during this call");
    step = run((wasm) => wasm.resume(number, ok, outcome));
  }
  return step[1];
}

const pending = new Map<string, { secret: unknown; task: Promise<unknown> }>();

/**
 * Does `work`, or joins the same work that is in progress, if the runtime allows that and the
 * caller has the same secret.
 */
export function runShared(key: string, work: () => Promise<unknown>, secret: unknown): Promise<unknown> {
  if (!shares) return work();
  const known = pending.get(key);
  if (known) return known.secret === secret ? known.task : work();
  const task = work().finally(() => pending.delete(key));
  pending.set(key, { secret, task });
  return task;
}

/** Another call's work that may be awaited, if there is some. */
export function underWay(key: string): Promise<unknown> | undefined {
  return pending.get(key)?.task;
}

/** Whether work may continue in the background of a call. */
export function canGoOn(wait_until: WaitUntil | undefined = waitUntil): boolean {
  return shares || wait_until !== undefined;
}

/**
 * Lets a task, which does not fail, continue in the background. Returns it if it has to be
 * awaited because the runtime would end it with the response.
 */
export function behind<Result>(
  task: Promise<Result>,
  wait_until: WaitUntil | undefined = waitUntil,
): Promise<Result> | undefined {
  try {
    wait_until?.(task);
    if (wait_until || shares) return undefined;
  } catch {
    // Outside of a request there is nothing that could be kept waiting.
  }
  return shares ? undefined : task;
}
