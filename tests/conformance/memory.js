// Watches the wasm from outside, without the package's knowledge: import this
// module before the package. Every instance made afterwards can be measured, and
// can be made to trap.

const Instance = WebAssembly.Instance;
let newest;
let instances = 0;
let trapIn;
let crossed = 0;

WebAssembly.Instance = function (module, imports) {
  const counted = ([name, value]) => [name, typeof value === "function" ? counting(value) : value];
  const its = ([name, functions]) => [name, Object.fromEntries(Object.entries(functions).map(counted))];
  newest = new Instance(module, Object.fromEntries(Object.entries(imports).map(its)));
  instances += 1;
  const exports = Object.fromEntries(Object.entries(newest.exports).map(watched));
  return { exports };
};

/** How much memory the newest instance has, in bytes. */
export function bytes() {
  return newest.exports.memory.buffer.byteLength;
}

/** How many instances there have been. */
export function instanceCount() {
  return instances;
}

/** How often calls went from JavaScript into wasm, or from wasm to JavaScript. */
export function crossings() {
  return crossed;
}

/** Makes the next call of an export end like an unreachable instruction. */
export function trapOnceIn(name) {
  trapIn = name;
}

function counting(imported) {
  return (...given) => {
    crossed += 1;
    return imported(...given);
  };
}

function watched([name, value]) {
  if (typeof value !== "function") return [name, value];
  const call = (...given) => {
    crossed += 1;
    if (name === trapIn) {
      trapIn = undefined;
      throw new WebAssembly.RuntimeError("unreachable");
    }
    return value(...given);
  };
  return [name, call];
}
