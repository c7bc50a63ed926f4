// The methods of an official client, found by a walk through its objects. So the list is complete without being
// maintained. Knows nothing about the emulator.

/**
 * Every public method below `client`, as an object from the path (`users.create`) to a function that calls it. The
 * objects named `policyCache` are skipped: the client's types declare them as private.
 */
export function methodsOf(client) {
  const methods = {};
  walk(client, "", methods);
  return methods;
}

function walk(object, path, methods) {
  for (let type = Object.getPrototypeOf(object); type !== Object.prototype; type = Object.getPrototypeOf(type)) {
    for (const name of Object.getOwnPropertyNames(type)) {
      if (name !== "constructor") methods[path + name] ??= (...args) => object[name](...args);
    }
  }
  for (const [name, part] of Object.entries(object)) {
    if (isResource(part) && name !== "policyCache") walk(part, `${path}${name}.`, methods);
  }
}

/** Whether a value is an object of a class of the package. Options and headers are plain objects. */
function isResource(value) {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) !== Object.prototype;
}
