// Reads a client's credentials from environment variables. Does not check them: the
// constructor does.

import type { Environment } from "./config.js";
import { invalid } from "./errors.js";

/** What `fromEnv` found. */
export interface Credentials {
  project_id: string;
  secret: string;
  custom_base_url: string | undefined;
}

/**
 * `STYTCH_PROJECT_ID`, `STYTCH_SECRET` (or else `STYTCH_PROJECT_SECRET`) and, if it is set, `STYTCH_BASE_URL`.
 * Fields that are set in `config` are not read from `env`.
 */
export function credentialsFrom(env?: Environment, config: { [Name in keyof Credentials]?: string | undefined } = {}): Credentials {
  const processEnv = globalThis.process?.env;
  const read = readerOf(env ?? globalThis.Deno?.env ?? processEnv ?? {}, processEnv);
  const needed = (field: "project_id" | "secret", ...names: string[]) =>
    config[field] ??
    found(read, names, (denied) => {
      throw denied ?? invalid(`Missing "${field}": ${names.join(" or ")} is not set in the environment`);
    });
  return {
    project_id: needed("project_id", "STYTCH_PROJECT_ID"),
    secret: needed("secret", "STYTCH_SECRET", "STYTCH_PROJECT_SECRET"),
    custom_base_url: config.custom_base_url ?? found(read, ["STYTCH_BASE_URL"], () => undefined),
  };
}

type Read = (name: string) => string | undefined;

function readerOf(source: object, processEnv: object | undefined): Read {
  const variables = source as Record<string, string | undefined> & { get?: unknown };
  // In Deno, reading process.env.get would ask for one more variable's permission.
  if (source !== processEnv && typeof variables.get === "function") {
    return (name) => (variables as unknown as { get: Read }).get(name);
  }
  return (name) => (isInherited(variables, name) ? undefined : variables[name]);
}

/** Whether every object has this property, because something set it on `Object.prototype`: then it is not a variable. */
function isInherited(variables: object, name: string): boolean {
  if (Object.hasOwn(variables, name)) return false;
  let root = variables;
  for (let next = Object.getPrototypeOf(root); next; next = Object.getPrototypeOf(root)) root = next;
  return root !== variables && Object.hasOwn(root, name);
}

/**
 * The first of these variables that is set. Deno can be told which variables a program may read: one that it may
 * not read counts as not set. If none is set, `otherwise` is called with the first error.
 */
function found<Otherwise>(read: Read, names: string[], otherwise: (denied: unknown) => Otherwise): string | Otherwise {
  let denied: unknown;
  for (const name of names) {
    try {
      const value = read(name);
      if (value) return value;
    } catch (error) {
      denied ??= error;
    }
  }
  return otherwise(denied);
}
