// @ts-check
// The one wasm instance of this isolate: how it is started, entered, and replaced
// after a trap. Knows nothing of what the exports do.

import { ClientError, errorFrom } from "./errors.js";
import * as glue from "./wasm/stytch_edge.js";

/** @type {WebAssembly.Module | undefined} */
let compiled;

/** @type {() => Promise<WebAssembly.Module>} */
let load;

/** @type {Promise<void> | undefined} */
let loading;

/** Whether one call may await what another has started; not so on workerd. */
let shares = true;

/** Starts the wasm from a module that is there already. */
export function boot(module, { shares_pending = true } = {}) {
  compiled = module;
  shares = shares_pending;
  glue.initSync({ module });
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

/** Runs `enter` on the exports; what it throws becomes an error of this package. */
export function run(enter) {
  try {
    return enter(glue);
  } catch (thrown) {
    const error = errorFrom(thrown);
    if (error) throw error;
    // A trap leaves memory in an unknown state: nothing of it may be used again.
    glue.__wbg_reset_state();
    throw new ClientError("internal", "the wasm failed; please report this", thrown);
  }
}

/** Runs a task to its end: `begin` gives its first step, as src/wasm/tasks.rs says. */
export async function runTask(begin) {
  let [task, value] = run(begin);
  while (task !== undefined) {
    const number = task;
    const [ok, outcome] = await value.then(
      (result) => [true, result],
      (reason) => [false, reason],
    );
    [task, value] = run((wasm) => wasm.resume(number, ok, outcome));
  }
  return value;
}

/** @type {Map<string, Promise<unknown>>} */
const pending = new Map();

/** As `runTask`, but joins a task under the same key where the runtime allows it. */
export function runShared(key, begin) {
  if (!shares) return runTask(begin);
  let task = pending.get(key);
  if (!task) {
    task = runTask(begin).finally(() => pending.delete(key));
    pending.set(key, task);
  }
  return task;
}
