// Causes a trap at a chosen step of the wasm. The tested wasm calls an import, which wasm-opt
// has inserted, at each step: at each entry and exit of a function and each iteration of a
// loop. At the chosen step, the import throws. Import this module before the package.

const Instance = WebAssembly.Instance;
let instances = 0;
let steps = 0;
let last = Infinity;

WebAssembly.Instance = function (module, imports) {
  instances += 1;
  const names = Object.keys(imports);
  // wasm-opt uses the name of an existing import module.
  const [first] = names;
  return new Instance(module, { ...imports, [first]: { ...imports[first], log_execution: step } });
};

/** The number of instances so far. */
export const instanceCount = () => instances;

/** The number of steps of the wasm during `work`. */
export async function stepsOf(work) {
  steps = 0;
  await work();
  return steps;
}

/** Runs `work` with a trap at the step with this number. Returns the error of `work`, if any. */
export async function trappedAt(number, work) {
  [steps, last] = [0, number];
  try {
    await work();
  } catch (error) {
    return error;
  } finally {
    last = Infinity;
  }
}

function step() {
  steps += 1;
  if (steps !== last) return;
  last = Infinity;
  throw new WebAssembly.RuntimeError("unreachable");
}
