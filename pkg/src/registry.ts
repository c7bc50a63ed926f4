// Tells the wasm each distinct configuration once, because people build a client for every request. A slot's number stands
// for a configuration from then on.

import type { WasmConfig } from "./config_checks.js";
import { instanceNumber, run } from "./engine.js";

/** A configuration, and the slot in which an instance of the wasm has it. */
export interface Registration {
  readonly config: WasmConfig;
  slot: number;
}

/** By the configurations as text. The oldest are dropped, and registered anew if they are used again. */
const known = new Map<string, Registration>();

/** What is in each slot of the instance. */
let held: Registration[] = [];

let next = 0;

let instance = 0;

/** The registration of a configuration: the same one for equal configurations. */
export function registrationOf(config: WasmConfig): Registration {
  const text = JSON.stringify(config);
  const found = known.get(text) ?? { config, slot: -1 };
  if (!known.has(text)) {
    if (known.size >= MAX_SLOTS) known.delete(known.keys().next().value!);
    known.set(text, found);
  }
  return found;
}

/** The slot of a configuration, which the wasm is told of if it does not know it. */
export function slotOf(registration: Registration): number {
  if (instance !== instanceNumber()) [held, next, instance] = [[], 0, instanceNumber()];
  if (held[registration.slot] === registration) return registration.slot;
  registration.slot = next;
  next = (next + 1) % MAX_SLOTS;
  delete held[registration.slot];
  run((wasm) => wasm.register(registration.slot, registration.config));
  held[registration.slot] = registration;
  return registration.slot;
}

const MAX_SLOTS = 512;
