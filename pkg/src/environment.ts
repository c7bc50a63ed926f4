// Reads a client's credentials from environment variables. Does not check them: the
// constructor does.

import type { Environment } from "./config.js";
import { invalid } from "./errors.js";

/** What `fromEnv` found. */
export interface Credentials {
  project_id: string;
  secret: string;
  custom_base_url?: string | undefined;
}

/**
 * `STYTCH_PROJECT_ID`, `STYTCH_SECRET` (or else `STYTCH_PROJECT_SECRET`) and, if it is set, `STYTCH_BASE_URL`.
 * What `config` has already is not read.
 */
export function credentialsFrom(env: Environment | undefined, config: Partial<Credentials> = {}): Credentials {
  const read = readerOf(env ?? globalThis.Deno?.env ?? globalThis.process?.env ?? {});
  const needed = (field: "project_id" | "secret", names: readonly string[]): string => {
    const value = config[field] ?? firstOf(read, names);
    if (!value) throw invalid(`Missing "${field}": ${names.join(" or ")} is not set in the environment`);
    return value;
  };
  return {
    project_id: needed("project_id", ["STYTCH_PROJECT_ID"]),
    secret: needed("secret", ["STYTCH_SECRET", "STYTCH_PROJECT_SECRET"]),
    custom_base_url: config.custom_base_url ?? permitted(read, "STYTCH_BASE_URL"),
  };
}

type Read = (name: string) => string | undefined;

function readerOf(source: object): Read {
  const variables = source as Record<string, string | undefined> & { get?: unknown };
  // In Deno, reading process.env.get would ask for one more variable's permission.
  if (source !== globalThis.process?.env && typeof variables.get === "function") {
    return (name) => (variables as unknown as { get: Read }).get(name);
  }
  return (name) => variables[name];
}

/** The first of these variables that is set. */
function firstOf(read: Read, [name, ...others]: readonly string[]): string | undefined {
  if (name === undefined || others.length === 0) return name && read(name);
  let denied: unknown;
  try {
    const value = read(name);
    if (value) return value;
  } catch (error) {
    denied = error;
  }
  const other = permitted(read, ...others);
  if (!other && denied) throw denied;
  return other;
}

/** The first of these that is set, of those that may be read: Deno can be told which variables a program may read. */
function permitted(read: Read, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    try {
      const value = read(name);
      if (value) return value;
    } catch {
      // The permission to read it was not given, so the program is to do without.
    }
  }
  return undefined;
}
