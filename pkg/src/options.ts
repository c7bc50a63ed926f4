// Reads what callers pass: each named property once, into values that JSON can write. If an option could not be read, the
// check that it requests would be skipped silently, so objects whose options would get lost are refused, and so are values
// that JSON would drop or change.

import { invalid } from "./errors.js";

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
export function optionsIn(what: string, options: unknown): object {
  if (options === undefined || options === null) return {};
  if (typeof options !== "object" || Object.prototype.toString.call(options) !== "[object Object]") {
    throw invalid(`${what} must be an object`);
  }
  return options;
}

/** Refuses own properties of other names than these. */
export function refuseUnknown(options: object, names: readonly string[]): void {
  for (const name of Object.getOwnPropertyNames(options)) {
    if (!names.includes(name)) throw invalid(`unknown option "${name}"`);
  }
}

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
  return prototype === null || isObjectPrototype(prototype as object);
}

/** Options of checks, by how each is read. */
const READERS: Record<string, (value: unknown, name: string) => unknown> = {
  clock_tolerance_seconds: seconds,
  max_token_age_seconds: seconds,
  current_date: momentOf,
  authorization_check: permissionOf,
  required_scopes: scopesOf,
  required_claims: claimsOf,
  remote_fallback: (value) => word(value, ["always", "stale", "never"], 'remote_fallback must be "always", "stale" or "never"'),
  introspect: (value) => word(value, ["never", "always"], 'introspect must be "never" or "always"'),
  audience: audiencesOf,
};

/** These options of an object, each read once, into an object without a prototype; undefined if none is there. */
export function asked(options: object, names: readonly string[]): Unchecked | undefined {
  let found: Unchecked | undefined;
  for (const name of names) {
    const value = read(options, name);
    // A list of no audiences or scopes would require none.
    if (value === undefined || (value === null && name !== "audience" && name !== "required_scopes")) continue;
    const reader = READERS[name];
    found ??= bare();
    found[name] = reader ? reader(value, name) : value;
  }
  return found;
}

/** UTF-8 of options as JSON text; undefined if there are none. */
export function jsonOf(options: object | undefined): Uint8Array | undefined {
  if (options === undefined) return undefined;
  try {
    return utf8.encode(JSON.stringify(options, withoutPrototype));
  } catch (cause) {
    throw invalid("an option cannot be written as JSON", cause);
  }
}

/** A list without a prototype: a `toJSON` that something put on `Object.prototype` would be asked for its text. */
function withoutPrototype(this: Unchecked, name: string, value: unknown): unknown {
  const given = this[name];
  return Array.isArray(given) ? Object.setPrototypeOf([...(given as unknown[])], null) : value;
}

/** What `authorization_check` asks for. A field that is not a string counts as absent, and the check is refused then. */
export function permissionOf(check: unknown): object {
  const found = bare();
  // JSON would leave a function out, and nothing would be checked.
  if (typeof check === "function") throw invalid("authorization_check must be an object");
  if (typeof check !== "object" || check === null) return found;
  for (const name of ["action", "resource_id", "organization_id"]) {
    const value = read(check, name);
    if (typeof value === "string") found[name] = value;
  }
  return found;
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

function seconds(value: unknown, name: string): number | undefined {
  if (typeof value !== "number" || !(value >= 0)) throw invalid(`${name} must be a number of at least 0`);
  if (Number.isFinite(value)) return value;
  // Any age is younger.
  if (name === "max_token_age_seconds") return undefined;
  throw invalid(`${name} must be a number of at least 0`);
}

/** The milliseconds of a Date, of whichever realm. */
function momentOf(date: unknown): number {
  let milliseconds = NaN;
  try {
    milliseconds = Date.prototype.getTime.call(date as Date);
  } catch {
    // It is not a Date.
  }
  if (Number.isNaN(milliseconds)) throw invalid("current_date must be a valid Date");
  return milliseconds;
}

function texts(value: unknown, otherwise: string): string[] {
  if (!Array.isArray(value)) throw invalid(otherwise);
  const list = Array.from(value as unknown[]);
  if (!list.every((text) => typeof text === "string")) throw invalid(otherwise);
  return list as string[];
}

function audiencesOf(value: unknown): string[] {
  const rule = "audience must be a string, or a list of strings";
  const list = texts(typeof value === "string" ? [value] : value, rule);
  if (!list.length || list.includes("")) throw invalid(rule);
  return list;
}

/** A list of scopes, copied. */
export function scopesOf(value: unknown): string[] {
  return texts(value, "required_scopes must be a list of strings");
}

function word(value: unknown, words: readonly string[], otherwise: string): string {
  if (!words.includes(value as string)) throw invalid(otherwise);
  return value as string;
}

function claimsOf(claims: unknown): object {
  const given = Object.entries(plain("required_claims", claims as object));
  for (const [, value] of given as [string, unknown][]) {
    if (!["string", "boolean"].includes(typeof value) && value !== null && !Number.isFinite(value)) {
      throw invalid("required_claims must hold strings, finite numbers, booleans or null");
    }
  }
  return Object.assign(bare(), Object.fromEntries(given));
}
