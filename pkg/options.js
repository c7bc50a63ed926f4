// @ts-check
// Options as callers pass them. What is left out is not asked for, so an object whose
// options nobody would find must not pass for one without any: what is not checked would
// look granted.

import { ClientError } from "./errors.js";

/**
 * The options themselves, if they are members of an object's own. Of a promise, a Map or an
 * instance of a class nothing would be read, and what an object inherits is lost in a copy.
 */
export function plain(name, options) {
  if (options === undefined || options === null) return {};
  const prototype = typeof options === "object" ? Object.getPrototypeOf(options) : undefined;
  // None, or the one that all objects of a realm have, whichever realm that is.
  const isPlain = prototype === null || (prototype && Object.getPrototypeOf(prototype) === null);
  if (!isPlain) throw new ClientError("invalid_argument", `${name} must be a plain object`);
  return options;
}
