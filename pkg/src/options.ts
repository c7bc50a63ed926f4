// Reads callers' objects: each named property once, into JSON text, before the wasm is entered. The wasm checks the values.
// If an option were not read, the check that it requests would be skipped silently. Therefore an object whose options
// cannot be read by name is refused here.

import { invalid } from "./errors.js";
import { FIELDS, KINDS, authenticateRequest, callOptions } from "./generated/options.js";

/** Any object, read property by property. */
type Unchecked = Record<string, unknown>;

/**
 * A property of a caller's object, its own or of its class, read once. A property of `Object.prototype`, of any realm,
 * belongs to every object, and counts as absent.
 */
export function read(object: object, name: string): unknown {
  const value = (object as Unchecked)[name];
  return value === undefined || isOfAll(object, name) ? undefined : value;
}

/** Whether an object has a property whose value is undefined: the value was lost. */
export const isPresent = (object: object, name: string): boolean => name in object && !isOfAll(object, name);

/**
 * Whether a property is that of `Object.prototype`, of any realm. A property without an owner is a proxy's. The object itself
 * counts as its own owner even if it looks like such a prototype: unenv's `process.env` is a proxy that reports every
 * property as its own.
 */
function isOfAll(object: object, name: string): boolean {
  let owner: object | null = object;
  while (owner && !Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner) as object | null;
  return owner !== null && owner !== object && isObjectPrototype(owner);
}

/** Whether this is the prototype that all objects of a realm have. */
function isObjectPrototype(object: object): boolean {
  if (object === Object.prototype) return true;
  const own = ["hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString"];
  return Object.getPrototypeOf(object) === null && own.every((name) => Object.hasOwn(object, name));
}

/** These properties of an object, each read once, in an object without a prototype. */
function picked(object: object, names: readonly string[]): Unchecked {
  const found = names.map((name) => [name, read(object, name)] as const).filter(([, value]) => value !== undefined);
  return Object.assign(bare(), Object.fromEntries(found));
}

/**
 * The object with the options of a method, which has no properties of other names than these. An instance of a class
 * is accepted; a promise, a Map or a list is not.
 */
export function optionsIn(method: string, options: unknown, names: readonly string[]): object {
  if (options === undefined || options === null) return {};
  if (!isOptions(options)) throw invalid(`the options of ${method} must be an object, but are of type ${typeOf(options)}`);
  refuseUnknown(options, names, `of ${method}`);
  return options;
}

/** The options of `authenticateRequest`. */
export const requestOptions = (options: unknown): object => optionsIn("authenticateRequest", options, REQUEST_OPTIONS);

const REQUEST_OPTIONS = [...authenticateRequest, ...callOptions, "wait_until"];

/**
 * Refuses an object if it, or its class, has a property of another name than these. Methods of the class are accepted, and
 * so are symbols: neither can be a misspelt option.
 */
export function refuseUnknown(object: object, names: readonly string[], of: string): void {
  let owner: object | null = object;
  for (; owner && (owner === object || !isObjectPrototype(owner)); owner = Object.getPrototypeOf(owner) as object | null) {
    const isMethod = (name: string) => owner !== object && typeof Object.getOwnPropertyDescriptor(owner, name)?.value === "function";
    const unknown = Object.getOwnPropertyNames(owner).find((name) => !names.includes(name) && !isMethod(name));
    if (unknown !== undefined) throw invalid(`unknown option "${unknown}" ${of}`);
  }
}

const isOptions = (value: unknown): value is object => typeof value === "object" && tagOf(value) === "Object";

/** The type of a value, for a message that must not quote the value. */
export const typeOf = (value: unknown): string => (typeof value === "object" ? tagOf(value) : typeof value);

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

/** A copy of options without a prototype, if it has all of them. A promise, a Map or an instance of a class is refused. */
export function plain<Options extends object>(name: string, options: Options | null | undefined): Partial<Options> {
  if (!isCopyable(options ?? {})) throw invalid(`${name} must be a plain object`);
  return Object.assign(bare(), options) as Partial<Options>;
}

/** Whether a copy has all members of an object: it is plain, and all members are enumerable. */
function isCopyable(value: unknown): value is object {
  return isPlain(value) && Object.getOwnPropertyNames(value).length === Object.keys(value).length;
}

/** Whether a value is an object without a prototype, or with the one that all objects of a realm have. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || isObjectPrototype(prototype);
}

/** These options of an object as JSON text, for the wasm, which checks them. Undefined if all are absent. */
export const asked = (options: unknown, names: readonly string[], strict?: readonly string[]): Uint8Array | undefined => jsonOf(found(options, names, strict));

/** These options of an object, as values that JSON writes exactly. If a value of the `strict` ones was lost, the wasm refuses it. */
export function found(options: unknown, names: readonly string[], strict: readonly string[] = []): Unchecked | undefined {
  if (options === undefined || options === null) return undefined;
  const object = Object(options) as object;
  let given: Unchecked | undefined;
  for (const name of names) {
    try {
      const value = read(object, name);
      const isLost = strict.includes(name) && (value === null || (value === undefined && isPresent(object, name)));
      if (isLost || value !== undefined) (given ??= bare())[name] = isLost ? UNWRITABLE : exactly(name, value);
    } catch (cause) {
      throw invalid(`${name} cannot be read`, cause);
    }
  }
  return given;
}

/**
 * The value of an option, as a value that JSON writes exactly. Lists and objects in it have no prototype, because
 * `JSON.stringify` would call a `toJSON` of `Object.prototype`.
 */
export function exactly(name: string, value: unknown): unknown {
  const kind = KINDS[name];
  if (kind === "date" && tagOf(value) === "Date") return scalar(Date.prototype.getTime.call(value));
  if (kind === "date" && value !== null) return UNWRITABLE;
  if (kind === "data" && isOptions(value)) return JSON.parse(JSON.stringify(value));
  if (kind === "unbounded" && value === Infinity) return Number.MAX_VALUE;
  if (typeof value !== "object" || value === null) return scalar(value);
  if (Array.isArray(value)) return Object.setPrototypeOf(Array.from(value as unknown[], scalar), null);
  const members = membersOf(name, value);
  for (const member of Object.keys(members ?? {})) members![member] = scalar(members![member]);
  return members ?? UNWRITABLE;
}

/** The members of an option, each read once. Undefined if a copy would lack some of them. */
function membersOf(name: string, value: object): Unchecked | undefined {
  const fields = FIELDS[name];
  if (KINDS[name] === "options") return isOptions(value) ? picked(value, [...new Set([...fields!, ...Object.keys(value)])]) : undefined;
  if (fields) return picked(value, fields);
  return isCopyable(value) ? Object.assign(bare(), value) : undefined;
}

/** The value, if JSON writes it exactly. */
const scalar = (value: unknown): unknown => (value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value) ? value : UNWRITABLE);

/** Replaces a value that JSON would omit or change. No option accepts it, so the wasm refuses the option by name. */
const UNWRITABLE: unknown = Object.freeze(Object.setPrototypeOf([null], null));

/** UTF-8 of options as JSON text. */
export const jsonOf = (options: object | undefined): Uint8Array | undefined => options && bytesOf(JSON.stringify(options));

/** UTF-8 of a text. */
export const bytesOf = (text: string): Uint8Array => utf8.encode(text);

/** An object without a prototype. */
export const bare = (): Unchecked => Object.create(null) as Unchecked;

/** The UTF-8 of a header, as far as the wasm reads it: a header that is longer than servers accept is refused anyway. */
export const headerBytes = (text: string | undefined): Uint8Array | undefined =>
  text === undefined ? undefined : utf8.encode(text.slice(0, MAX_HEADER_LENGTH + 1));

/** As MAX_COOKIE_HEADER_BYTES in src/client/credentials.rs. */
const MAX_HEADER_LENGTH = 2 ** 17;

const utf8 = new TextEncoder();

/** The buffer for a token. The wasm copies the token before other code can run, so all calls share the buffer. */
const buffer = new Uint8Array(8192);

/** The UTF-8 of a token, valid until the next call. A value that is not a string becomes a dot, which is malformed. */
export function tokenBytes(token: unknown): Uint8Array | undefined {
  if (token === undefined || token === null) return undefined;
  const text = typeof token === "string" ? token.slice(0, MAX_TOKEN_LENGTH + 1) : ".";
  const { read: letters, written } = utf8.encodeInto(text, buffer);
  return letters === text.length ? buffer.subarray(0, written) : utf8.encode(text);
}

/** As MAX_TOKEN_BYTES in src/jwt/token.rs. The rest of a longer token is not copied into the wasm. */
const MAX_TOKEN_LENGTH = 2 ** 14;
