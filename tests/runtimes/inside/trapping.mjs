// Ends the wasm in the middle of its work. The wasm that is tested tells each step
// it takes, each function entered and left and each loop gone round, to an import
// that wasm-opt has put in; here the step that is wanted does not return. Import
// this before the package.

const Instance = WebAssembly.Instance;
let instances = 0;
let steps = 0;
let last = Infinity;

WebAssembly.Instance = function (module, imports) {
  instances += 1;
  const names = Object.keys(imports);
  // wasm-opt names the import's module after one that is there.
  const [first] = names;
  return new Instance(module, { ...imports, [first]: { ...imports[first], log_execution: step } });
};

/** How many instances there have been. */
export const instanceCount = () => instances;

/** How many steps the wasm takes while `work` is done. */
export async function stepsOf(work) {
  steps = 0;
  await work();
  return steps;
}

/** Does `work`, whose step with this number traps; gives the error it ends with, if any. */
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
