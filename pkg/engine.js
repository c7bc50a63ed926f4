// @ts-check
// The one wasm instance of this isolate: how it is started, entered, and replaced
// after a trap. Knows nothing of what the exports do, only that they answer with
// steps (src/wasm/tasks.rs).

import { ClientError, errorFrom } from "./errors.js";
import { __wbg_reset_state, call, check, cookies, initSync, load as loadNeed, resume, visit } from "./wasm/stytch_edge.js";

// By name and not as a namespace, of which bundlers keep all that is never called.
const exports = { call, check, cookies, load: loadNeed, resume, visit };

/** @type {WebAssembly.Module | undefined} */
let compiled;

/** @type {() => Promise<WebAssembly.Module>} */
let load;

/** @type {Promise<void> | undefined} */
let loading;

/** Whether one call may await what another has started; not so on workerd. */
let shares = true;

/** Whether one call may await what another has started. */
export function canShare() {
  return shares;
}

/** How the runtime is told of what goes on behind a call, if it wants to know. */
let waitUntil;

/** Counts instances. The number of a task means something in one of them only. */
let generation = 0;

/** Starts the wasm from a module that is there already. */
export function boot(module, { shares_pending = true, wait_until } = {}) {
  shares = shares_pending;
  waitUntil = wait_until;
  initSync({ module });
  compiled = module;
}

/** Has the wasm fetched by the first call that needs it. */
export function bootLazily(loader) {
  load = loader;
}

/** Resolves once the exports can be used. A load that failed is tried again. */
export async function ready() {
  if (compiled) return;
  loading ??= load().then(boot).finally(() => (loading = undefined));
  await loading.catch((cause) => {
    throw new ClientError("wasm_not_ready", "the wasm could not be loaded", cause);
  });
}

/** Whether the exports can be used now. */
export function isReady() {
  return compiled !== undefined;
}

/** Throws unless the exports can be used now. */
export function needReady() {
  if (isReady()) return;
  throw new ClientError("wasm_not_ready", "the wasm is not loaded yet; await a call such as client.loadKeys() first");
}

/** Enters the exports and gives the step they answer with, unless it is a failure. */
export function run(enter) {
  let step;
  try {
    step = enter(exports);
  } catch (trap) {
    // It leaves memory in an unknown state: nothing of it may be used again.
    generation += 1;
    __wbg_reset_state();
    throw new ClientError("internal", "the wasm failed; please report this", trap);
  }
  if (step[0] === "failed") throw errorFrom(step[1]);
  return step;
}

/** Runs a task to its end: `begin` gives its first step. */
export async function runTask(begin) {
  const born = generation;
  let step = run(begin);
  while (step[0] === "waiting") {
    const [, number, promise] = step;
    const [ok, outcome] = await promise.then(
      (value) => [true, value],
      (reason) => [false, reason],
    );
    if (generation !== born) throw new ClientError("internal", "the wasm failed during this call");
    step = run((wasm) => wasm.resume(number, ok, outcome));
  }
  return step[1];
}

/** @type {Map<string, { secret: unknown, task: Promise<unknown> }>} */
const pending = new Map();

/**
 * Does `work`, or joins the same that is under way, where the runtime allows that and the
 * caller knows the same secret.
 */
export function runShared(key, work, secret) {
  if (!shares) return work();
  const known = pending.get(key);
  if (known) return known.secret === secret ? known.task : work();
  const task = work().finally(() => pending.delete(key));
  pending.set(key, { secret, task });
  return task;
}

/** Another call's work that may be awaited, if there is some. */
export function underWay(key) {
  return pending.get(key)?.task;
}

/** Whether work may go on behind a call, so that nobody has to wait for it. */
export function canGoOn(wait_until = waitUntil) {
  return shares || wait_until !== undefined;
}

/**
 * Lets a task, which does not fail, go on behind the call. Gives it back where it has to be
 * waited for: the runtime would cut it off with the answer.
 */
export function behind(task, wait_until = waitUntil) {
  try {
    wait_until?.(task);
    if (wait_until || shares) return undefined;
  } catch {
    // Outside of a request there is nothing that could be kept waiting.
  }
  return shares ? undefined : task;
}
