// Options as callers pass them. Options that would not be found are refused: an object whose
// options nothing reads looks like one without any, and a check that was not made looks passed.

import { invalid } from "./errors.js";

/**
 * The options themselves, if they are the object's own members. A promise, a Map or an instance of a
 * class is refused: nothing would be read from it, and what an object inherits is lost in a copy.
 */
export function plain<Options extends object>(name: string, options: Options | null | undefined): Partial<Options> {
  if (options === undefined || options === null) return {};
  const prototype = typeof options === "object" ? Object.getPrototypeOf(options) : undefined;
  // No prototype, or the one of all objects of a realm, whichever realm that is.
  const isPlain = prototype === null || (prototype && Object.getPrototypeOf(prototype) === null);
  if (!isPlain) throw invalid(`${name} must be a plain object`);
  return options;
}
