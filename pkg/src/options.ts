// Reads what callers pass: each named property once, into JSON text, all of it before the wasm is entered. The wasm checks
// the values. If an option could not be read, the check that it requests would be skipped silently, so objects whose options
// would get lost are refused here.

import { invalid } from "./errors.js";
import { FIELDS, KINDS } from "./generated/options.js";

/** Any object, read property by property. */
type Unchecked = Record<string, unknown>;

/**
 * A property of a caller's object, its own or of its class, read once. What something put on `Object.prototype`, of
 * whichever realm, is a property of every object, and counts as absent. A property without an owner is a proxy's.
 */
export function read(object: object, name: string): unknown {
  const value = (object as Unchecked)[name];
  if (value === undefined) return undefined;
  let owner: object | null = object;
  while (owner && !Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner) as object | null;
  return owner && isObjectPrototype(owner) ? undefined : value;
}

/** Whether this is the prototype that all objects of a realm have. */
function isObjectPrototype(object: object): boolean {
  if (object === Object.prototype) return true;
  const own = ["hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString"];
  return Object.getPrototypeOf(object) === null && own.every((name) => Object.hasOwn(object, name));
}

/** These properties of an object, each read once, into an object without a prototype. */
export function picked(object: object, names: readonly string[]): Unchecked {
  const found = bare();
  for (const name of names) {
    const value = read(object, name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** The options themselves, none of which gets lost: an instance of a class is accepted, a promise, a Map or a list is not. */
export function optionsIn(options: unknown, names: readonly string[]): object {
  if (options === undefined || options === null) return {};
  if (!isOptions(options)) throw invalid("the options must be an object");
  refuseUnknown(options, names);
  return options;
}

function isOptions(value: unknown): value is object {
  return typeof value === "object" && Object.prototype.toString.call(value) === "[object Object]";
}

/** Refuses own properties of other names than these. */
export function refuseUnknown(options: object, names: readonly string[]): void {
  const unknown = Object.getOwnPropertyNames(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw invalid(`unknown option "${unknown}"`);
}

/**
 * The options themselves, if they are the object's own members and can be copied. A promise, a Map or an instance
 * of a class is refused, and so are inherited and hidden members.
 */
export function plain<Options extends object>(name: string, options: Options | null | undefined): Partial<Options> {
  if (options === undefined || options === null) return {};
  if (!isCopyable(options)) throw invalid(`${name} must be a plain object`);
  return options;
}

/** Whether an object's members can be copied: it is plain, and none of them is hidden. */
function isCopyable(value: unknown): value is object {
  return isPlain(value) && Object.getOwnPropertyNames(value).length === Object.keys(value).length;
}

/** Whether a value is an object without a prototype, or with the one that all objects of a realm have. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || isObjectPrototype(prototype);
}

/** These options of an object as JSON text for the wasm, which checks them; undefined if none is there. */
export function asked(options: object, names: readonly string[]): Uint8Array | undefined {
  return jsonOf(found(options, names));
}

/** The same, not yet written. */
export function found(options: object, names: readonly string[]): Unchecked | undefined {
  let given: Unchecked | undefined;
  for (const name of names) {
    try {
      const value = read(options, name);
      if (value !== undefined) (given ??= bare())[name] = exactly(name, value);
    } catch (cause) {
      throw invalid(`${name} cannot be read`, cause);
    }
  }
  return given;
}

/**
 * The value of an option, such that JSON writes exactly it. Lists and objects in it have no prototype: a `toJSON` that
 * something put on `Object.prototype` would be called for their text.
 */
export function exactly(name: string, value: unknown): unknown {
  const kind = KINDS[name];
  if (value !== null && kind === "date") return momentOf(value);
  if (kind === "data" && isOptions(value)) return JSON.parse(JSON.stringify(value));
  if (kind === "unbounded" && value === Infinity) return Number.MAX_VALUE;
  if (typeof value !== "object" || value === null) return scalar(value);
  if (Array.isArray(value)) return Object.setPrototypeOf(Array.from(value as unknown[], scalar), null);
  const members = membersOf(name, value);
  for (const member of Object.keys(members ?? {})) members![member] = scalar(members![member]);
  return members ?? UNWRITABLE;
}

/** The members that are read of an option, each once; undefined for an object whose members would get lost. */
function membersOf(name: string, value: object): Unchecked | undefined {
  const fields = FIELDS[name];
  if (KINDS[name] === "options") return isOptions(value) ? picked(value, [...new Set([...fields!, ...Object.keys(value)])]) : undefined;
  if (fields) return picked(value, fields);
  return isCopyable(value) ? Object.assign(bare(), value) : undefined;
}

/** What JSON writes as it is. */
function scalar(value: unknown): unknown {
  return value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value) ? value : UNWRITABLE;
}

/** The milliseconds of a Date, of whichever realm. */
function momentOf(date: unknown): unknown {
  try {
    return scalar(Date.prototype.getTime.call(date as Date));
  } catch {
    return UNWRITABLE;
  }
}

/** In place of what JSON would leave out or change. No option accepts it, so the wasm refuses the option by its name. */
const UNWRITABLE: unknown = Object.freeze(Object.setPrototypeOf([null], null));

/** UTF-8 of options as JSON text; undefined if there are none. */
export function jsonOf(options: object | undefined): Uint8Array | undefined {
  return options && utf8.encode(JSON.stringify(options));
}

/** An object without a prototype. */
export function bare(): Unchecked {
  return Object.create(null) as Unchecked;
}

/** The UTF-8 of a header. One that is longer than anything that servers accept is refused for its length, and needs no end. */
export function headerBytes(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : utf8.encode(text.slice(0, MAX_HEADER_LENGTH + 1));
}

/** As MAX_COOKIE_HEADER_BYTES in src/client/credentials.rs. */
const MAX_HEADER_LENGTH = 2 ** 17;

const utf8 = new TextEncoder();

/** Where tokens are encoded, each over the last one: the wasm copies it before any other code can run. */
const buffer = new Uint8Array(8192);

/**
 * The UTF-8 of a token, valid until the next call; undefined if there is none. What is not text is malformed, as a single
 * dot is.
 */
export function tokenBytes(token: unknown): Uint8Array | undefined {
  if (token === undefined || token === null) return undefined;
  const text = typeof token === "string" ? token.slice(0, MAX_TOKEN_LENGTH + 1) : ".";
  const { read: letters, written } = utf8.encodeInto(text, buffer);
  return letters === text.length ? buffer.subarray(0, written) : utf8.encode(text);
}

/** As MAX_TOKEN_BYTES in src/jwt/token.rs; of a longer token no more is copied into the wasm. */
const MAX_TOKEN_LENGTH = 2 ** 14;
