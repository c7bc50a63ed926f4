// Wraps `WebAssembly.Instance`. Import this module before the package. It measures the memory
// of every later instance, and can cause a trap in it.

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

/** The memory size of the newest instance, in bytes. */
export function bytes() {
  return newest.exports.memory.buffer.byteLength;
}

/** The number of instances so far. */
export function instanceCount() {
  return instances;
}

/** The number of calls from JavaScript into wasm and from wasm to JavaScript. */
export function crossings() {
  return crossed;
}

/** Makes the next call of an export fail like an `unreachable` instruction. */
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
