// Options as callers pass them. If an option could not be read, the check that it requests would be
// skipped silently, so objects whose options would get lost are refused.

import { invalid } from "./errors.js";

/**
 * The options themselves, if they are the object's own members and can be copied. A promise, a Map or an instance
 * of a class is refused, and so are inherited and hidden members.
 */
export function plain<Options extends object>(name: string, options: Options | null | undefined): Partial<Options> {
  if (options === undefined || options === null) return {};
  if (!isPlain(options) || Object.getOwnPropertyNames(options).length !== Object.keys(options).length) {
    throw invalid(`${name} must be a plain object`);
  }
  return options;
}

/** Whether a value is an object without a prototype, or with the one that all objects of a realm have. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "hasOwnProperty"));
}
