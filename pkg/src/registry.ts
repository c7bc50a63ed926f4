// Tells the wasm each distinct configuration once, because people build a client for every request. A slot's number stands
// for a configuration from then on.

import type { WasmConfig } from "./config_checks.js";
import { generation, run } from "./engine.js";

/** The slots of an instance, by their configurations as text. */
const slots = new Map<string, number>();

let instance = generation;

/** The slot of a configuration, which is `text` as JSON. When all slots are taken they are used anew. */
export function slotOf(text: string, config: WasmConfig): number {
  if (instance !== generation) slots.clear();
  instance = generation;
  const known = slots.get(text);
  if (known !== undefined) return known;
  if (slots.size >= MAX_SLOTS) slots.clear();
  const slot = slots.size;
  run((wasm) => wasm.register(slot, config));
  slots.set(text, slot);
  return slot;
}

const MAX_SLOTS = 512;
