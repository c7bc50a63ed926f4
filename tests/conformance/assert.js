// Assertions, because node:assert is not available in every runtime. Each throws an Error
// with the found and the expected value. They know nothing about the package.

/** Fails unless `value` is true. */
export function ok(value, what) {
  if (value !== true) throw new Error(`${what}: expected true, found ${shown(value)}`);
}

/** Fails unless both are the same value by `Object.is`. */
export function same(found, expected, what = "value") {
  if (!Object.is(found, expected)) {
    throw new Error(`${what}: expected ${shown(expected)}, found ${shown(found)}`);
  }
}

/** Fails unless both have the same members, including an own `__proto__` and undefined members. */
export function deepSame(found, expected, what = "value") {
  if (Object.is(found, expected)) return;
  if (!isObject(found) || !isObject(expected)) return same(found, expected, what);
  ok(Array.isArray(found) === Array.isArray(expected), `${what} is an array as expected`);
  const names = (object) => Object.getOwnPropertyNames(object).sort().join();
  same(names(found), names(expected), `members of ${what}`);
  for (const name of Object.getOwnPropertyNames(expected)) {
    deepSame(own(found, name), own(expected, name), `${what}.${name}`);
  }
}

/** Fails unless `text` is a string that matches. */
export function matches(text, pattern, what = "text") {
  if (typeof text !== "string" || !pattern.test(text)) {
    throw new Error(`${what}: expected ${pattern}, found ${shown(text)}`);
  }
}

/** Returns the error that `call` throws or rejects with. Fails if `call` succeeds. */
export async function failure(call, what = "the call") {
  let result;
  try {
    result = await call();
  } catch (error) {
    return error;
  }
  throw new Error(`${what}: expected a failure, found ${shown(result)}`);
}

// If there is no member of that name, `object.__proto__` reads the prototype.
function own(object, name) {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

function isObject(value) {
  return typeof value === "object" && value !== null;
}

function shown(value) {
  if (value instanceof Error) return `${value.name} ${value.message}`;
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  return JSON.stringify(value)?.slice(0, 300) ?? String(value);
}

/** Options in containers that hide them: inherited, not enumerable, or in a value that is not a plain object. */
export function hiding(options) {
  const inherited = Object.create(options);
  class Getters {}
  for (const name of Object.keys(options)) Object.defineProperty(Getters.prototype, name, { get: () => options[name] });
  const orphan = Object.assign(Object.create(null), options);
  const hidden = Object.defineProperties({}, Object.fromEntries(Object.entries(options).map(([name, value]) => [name, { value }])));
  class Parentless extends null {}
  Object.defineProperties(Parentless.prototype, Object.getOwnPropertyDescriptors(Getters.prototype));
  const parentless = Object.create(Parentless.prototype);
  const others = [Object.create(orphan), parentless, hidden];
  return [Promise.resolve(options), new Map(Object.entries(options)), inherited, new Getters(), [options], () => options, "options", ...others];
}
