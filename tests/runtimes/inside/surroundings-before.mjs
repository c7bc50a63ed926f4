// Changes the built-in objects of the runtime before the package is loaded. Import this module first. A bundle replaces
// MODE; a process receives it as its last argument.

import { OPTION_NAMES } from "../../conformance/option_names.js";

/* global MODE */

export const mode = typeof MODE === "string" ? MODE : (globalThis.Deno?.args ?? globalThis.process.argv).at(-1);

/** The constructors and namespaces of the language and of the web. */
const BUILT_IN = [
  ...["Object", "Function", "Array", "String", "Number", "Boolean", "Symbol", "BigInt", "Date", "RegExp", "JSON", "Math", "Reflect", "Proxy"],
  ...["Error", "AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"],
  ...["Promise", "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "ArrayBuffer", "DataView", "Uint8Array", "Int32Array", "Float64Array"],
  ...["TextEncoder", "TextDecoder", "URL", "Headers", "Request", "Response", "AbortController", "AbortSignal"],
];

/** Prototypes without a global name. */
const HIDDEN = [
  Object.getPrototypeOf(async () => {}),
  Object.getPrototypeOf(function* () {}),
  Object.getPrototypeOf(async function* () {}),
  Object.getPrototypeOf(Uint8Array),
  Object.getPrototypeOf(Uint8Array.prototype),
  Object.getPrototypeOf([][Symbol.iterator]()),
  Object.getPrototypeOf(new Map()[Symbol.iterator]()),
];

const CHANGES = {
  "frozen prototype of errors": () => Object.freeze(Error.prototype),
  "frozen built-in objects": () => {
    for (const object of [...BUILT_IN.map((name) => globalThis[name]), ...HIDDEN]) {
      if (object?.prototype) Object.freeze(object.prototype);
      if (object) Object.freeze(object);
    }
  },
  "options on Object.prototype": () => {
    // The modules of Node read an inherited `signal` themselves, and fail.
    for (const name of OPTION_NAMES) if (name !== "signal" && !(name in Object.prototype)) Object.defineProperty(Object.prototype, name, { value: 1e9, configurable: true, writable: true });
  },
  "exhausted stack": () => {},
};

export const MODES = Object.keys(CHANGES);

CHANGES[mode]?.();
