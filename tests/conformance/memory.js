// Wraps `WebAssembly.Instance`. Import this module before the package. It measures the memory
// of every later instance, and can cause a trap in it. An entry of the package has its own instance.

const Instance = WebAssembly.Instance;
/** The newest instance of each wasm. */
const newest = {};
let instances = 0;
let trapIn;
let crossed = 0;

WebAssembly.Instance = function (module, imports) {
  const counted = ([name, value]) => [name, typeof value === "function" ? counting(value) : value];
  const its = ([name, functions]) => [name, Object.fromEntries(Object.entries(functions).map(counted))];
  const instance = new Instance(module, Object.fromEntries(Object.entries(imports).map(its)));
  newest[Object.keys(imports).join()] = instance;
  instances += 1;
  const exports = Object.fromEntries(Object.entries(instance.exports).map(watched));
  return { exports };
};

/** The memory size of the newest instances, in bytes. */
export function bytes() {
  return Object.values(newest).reduce((sum, { exports }) => sum + exports.memory.buffer.byteLength, 0);
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
