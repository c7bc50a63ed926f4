// Watches the wasm from outside, without the package's knowledge: import this
// module before the package. Every instance made afterwards can be measured, and
// can be made to trap.

const Instance = WebAssembly.Instance;
let newest;
let instances = 0;
let trapIn;

WebAssembly.Instance = function (module, imports) {
  newest = new Instance(module, imports);
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

/** Makes the next call of an export end like an unreachable instruction. */
export function trapOnceIn(name) {
  trapIn = name;
}

function watched([name, value]) {
  if (typeof value !== "function") return [name, value];
  const call = (...given) => {
    if (name === trapIn) {
      trapIn = undefined;
      throw new WebAssembly.RuntimeError("unreachable");
    }
    return value(...given);
  };
  return [name, call];
}
