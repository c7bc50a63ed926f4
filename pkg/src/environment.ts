// Reads a client's credentials from environment variables. Does not check them: the
// constructor does.

import type { ClientConfig, Environment } from "./config.js";
import { invalid } from "./errors.js";
import { plain, read as property } from "./options.js";

/**
 * A configuration, completed by `STYTCH_PROJECT_ID`, `STYTCH_SECRET` (or else `STYTCH_PROJECT_SECRET`) and, if it is
 * set, `STYTCH_BASE_URL`. Fields that are set in `config` are not read from `env`.
 */
export function configFrom(env?: Environment, config?: Partial<ClientConfig>): ClientConfig {
  const given = plain("the configuration", config);
  const processEnv = globalThis.process?.env;
  const read = readerOf(env ?? globalThis.Deno?.env ?? processEnv ?? {}, processEnv);
  const needed = (field: "project_id" | "secret", ...names: string[]) =>
    (property(given, field) as string | undefined) ??
    found(read, names, (denied) => {
      throw denied ?? invalid(`Missing "${field}": ${names.join(" or ")} is not set in the environment`);
    });
  return {
    ...given,
    project_id: needed("project_id", "STYTCH_PROJECT_ID"),
    secret: needed("secret", "STYTCH_SECRET", "STYTCH_PROJECT_SECRET"),
    custom_base_url: (property(given, "custom_base_url") as string | undefined) ?? found(read, ["STYTCH_BASE_URL"], () => undefined),
  };
}

type Read = (name: string) => string | undefined;

function readerOf(source: object, processEnv: object | undefined): Read {
  const { get } = source === processEnv ? {} : (source as { get?: unknown });
  // In Deno, reading process.env.get would ask for one more variable's permission.
  return typeof get === "function" ? (name) => get.call(source, name) : (name) => property(source, name) as string | undefined;
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
