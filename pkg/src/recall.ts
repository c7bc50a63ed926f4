// Credentials that the wasm has accepted twice, with their numbers: a number crosses faster than a token, and a copy of the
// result is made faster than it is parsed. The wasm decides every call, and returns `true` if the result is the same again.

import { known, type Copier, type Known, type Step } from "./engine.js";

/** The texts that a call reads its credentials from, and the name of the call. */
export type Inputs = readonly [call: string, first: unknown, second?: unknown];

/** Calls the wasm for a client with the number of these inputs, or with 0 if they have none. Other clients may have other keys. */
export function recalled(client: number, inputs: Inputs, call: (number: number) => Step): Step {
  const place = placeOf(client, inputs);
  const found = known.get(place ?? NaN);
  if (found?.client === client && inputs.every((input, at) => input === found.inputs[at])) {
    const step = call(found.number);
    if (step === true) return again(found);
    if (step !== false) return step;
  }
  const step = call(0);
  if (typeof step !== "object" || !Object.hasOwn(step, "number")) return step;
  if (place === undefined) return step.text!;
  known.delete(place);
  if (known.size >= MAX_KNOWN) known.delete(known.keys().next().value!);
  known.set(place, { client, inputs: inputs.map(detached), number: step.number!, text: step.text! });
  return step.text!;
}

/** A number for some of the letters of the inputs, so that long texts are read only once they are compared. */
function placeOf(client: number, [call, first, second]: Inputs): number | undefined {
  let place = call.charCodeAt(0) * 512 + client;
  for (const text of [first, second]) {
    if (text === undefined) continue;
    if (typeof text !== "string" || text.length > MAX_LENGTH) return undefined;
    const step = (text.length >> 5) + 1;
    for (let at = text.length - 1; at >= 0; at -= step) place = (place * 31 + text.charCodeAt(at)) | 0;
  }
  return place;
}

/** The result of before, in an object of its own. */
function again(found: Known): Step {
  if (found.copier === null) return found.text;
  try {
    return { value: copyOf((found.copier ??= copierOf(JSON.parse(found.text), { left: MAX_PARTS }))) };
  } catch {
    // The result has too many objects and lists, which need more memory than its text, or the stack did not suffice.
    found.copier = null;
    return found.text;
  }
}

/** How JSON data is copied: the members that are objects or lists are copied too. */
function copierOf(original: any, parts: { left: number }): Copier {
  if ((parts.left -= 1) < 0) throw new RangeError();
  const members = Object.keys(original as object).filter((name) => typeof original[name] === "object" && original[name] !== null);
  return { original, isList: Array.isArray(original), members: members.map((name) => [name, copierOf(original[name], parts)]) };
}

/** A copy of JSON data, without anything of the original. */
function copyOf({ original, isList, members }: Copier): any {
  const copy = isList ? original.slice() : { ...original };
  for (const [name, copier] of members) copy[name] = copyOf(copier);
  return copy;
}

/** A copy of a text. A part of a longer text, such as a cookie, would retain the longer one. */
const detached = (text: unknown): unknown => (typeof text === "string" ? utf8.decode(new TextEncoder().encode(text)) : text);

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** As MAX_NUMBERS in npm/src/numbers.rs. */
const MAX_KNOWN = 500;
const MAX_LENGTH = 4096;
/** The objects and lists in a result that is copied: about 25 KB. */
const MAX_PARTS = 100;
