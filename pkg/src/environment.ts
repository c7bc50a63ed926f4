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
  const completed = { ...given } as ClientConfig;
  for (const field of ["project_id", "secret", "custom_base_url"] as const) {
    completed[field] = (property(given, field) as string | undefined) ?? found(read, field);
  }
  return completed;
}

const VARIABLES = { project_id: ["STYTCH_PROJECT_ID"], secret: ["STYTCH_SECRET", "STYTCH_PROJECT_SECRET"], custom_base_url: ["STYTCH_BASE_URL"] };

type Read = (name: string) => string | undefined;

function readerOf(source: object, processEnv: object | undefined): Read {
  const { get } = source === processEnv ? {} : (source as { get?: unknown });
  // In Deno, reading process.env.get would ask for one more variable's permission.
  return typeof get === "function" ? (name) => get.call(source, name) : (name) => property(source, name) as string | undefined;
}

/**
 * The first variable for a field that is set. Deno has permissions for each variable: a variable that the program may not
 * read counts as not set, and the error is thrown only if a required field has no other variable.
 */
function found(read: Read, field: keyof typeof VARIABLES): string {
  let denied: unknown;
  for (const name of VARIABLES[field]) {
    try {
      const value = read(name);
      if (value) return value;
    } catch (error) {
      denied ??= error;
    }
  }
  if (field === "custom_base_url") return "";
  throw denied ?? invalid(`"${field}" is required: ${VARIABLES[field].join(" or ")} is not set in the environment`);
}
