// The methods of `rbac` that decide by policies that are loaded: what a session's roles, or an app's scopes, allow.

import type { Core } from "./core.js";
import { bare, jsonOf, permissionOf, read } from "./options.js";

/** Whether a session's roles, or an app's scopes, allow something. */
export function can(core: Core, session: unknown, check: unknown): boolean {
  return explain(core, session, check).allowed;
}

/** Which of them does, or what is missing. */
export function explain(core: Core, session: unknown, check: unknown): any {
  const question = Object.assign(bare(), { authorization_check: permissionOf(check) });
  const [decisive, permission] = [held(session), jsonOf(question)];
  return core.now((wasm, client, host) => wasm.explain(client, host, decisive, permission));
}

/** What decides about a session or an app's claims, as JSON; empty for what cannot be read. */
function held(session: unknown): string {
  try {
    const given = Object(session ?? {}) as object;
    const organization = read(given, "organization");
    const found = bare();
    for (const name of ["roles", "scope", "organization_id"]) found[name] = read(given, name);
    found.organization_id ??= organization && read(Object(organization) as object, "organization_id");
    return JSON.stringify(found);
  } catch {
    return "";
  }
}
