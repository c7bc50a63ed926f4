// The replacement of `globalThis.fetch` for clients that do not accept a `fetch`, for instance npm `stytch`. In Node also that of
// `https.get`, with which npm `stytch` fetches keys.

import type { Fetch } from "./fetch.js";
import { httpsGet, type Https } from "./https_get.js";

/** Undoes `install()`. With `using`, it is called at the end of the block. */
export interface Uninstall extends Disposable {
  (): void;
}

/** The hosts of the Stytch API. */
export const STYTCH_HOSTS = ["test.stytch.com", "api.stytch.com", "telemetry.stytch.com"];

/** Sends the requests to these hosts to `own`, and others on. */
export function install(own: Fetch, hosts: readonly string[]): Uninstall {
  const isOwn = (url: string): boolean => URL.canParse(url) && hosts.includes(new URL(url).hostname);
  const undo = [
    replace(globalThis, "fetch", (before): Fetch => (input, init) => {
      const url = typeof input === "object" && "url" in input ? input.url : String(input);
      return isOwn(url) ? own(input, init) : before.call(globalThis, input, init);
    }),
  ];
  const node = builtIn("node:https") && process!;
  if (node) {
    const https = node.getBuiltinModule!<Https>("node:https")!;
    const modules = node.getBuiltinModule!<{ syncBuiltinESMExports(): void }>("node:module")!;
    undo.push(replace(https, "get", (before) => httpsGet(own, isOwn, before, node)));
    modules.syncBuiltinESMExports();
    undo.push(() => modules.syncBuiltinESMExports());
  }
  const uninstall = () => {
    for (const step of undo.splice(0)) step();
  };
  return Object.assign(uninstall, Symbol.dispose && { [Symbol.dispose]: uninstall }) as Uninstall;
}

/** Replaces a function of an object, and returns the function that undoes this, in any order with other replacements. */
function replace<K extends string, F extends (...its: any[]) => any>(on: { [name in K]: F }, name: K, make: (before: F) => F): () => void {
  const before = on[name];
  const replacement = make(before);
  let isActive = true;
  const set = (value: F) => Object.defineProperty(on, name, { value, writable: true, configurable: true, enumerable: true });
  const installed = function (this: unknown, ...its: any[]) {
    return (isActive ? replacement : before).apply(this, its);
  } as F;
  set(installed);
  return () => {
    isActive = false;
    if (on[name] === installed) set(before);
  };
}

/** What this file uses of Node. */
export interface NodeProcess {
  getBuiltinModule?<T>(name: string): T | undefined;
  versions?: Record<string, string>;
}

const { process } = globalThis as { process?: NodeProcess };

/** Whether this is Node, and a version that has the module at hand (20.16 and later). Other runtimes fetch keys with `fetch`. */
function builtIn(name: string): boolean {
  const others = process?.versions?.bun ?? process?.versions?.deno;
  return !others && typeof process?.getBuiltinModule === "function" && process.getBuiltinModule(name) !== undefined;
}
