// The methods of `rbac` that decide by loaded policies whether a session's roles, or an app's scopes, give a permission.

import type { Core } from "./core.js";
import * as names from "./generated/options.js";
import { asked } from "./options.js";

/** Whether a session's roles, or an app's scopes, give a permission. */
export function can(core: Core, session: unknown, check: unknown): boolean {
  return explain(core, session, check).allowed;
}

/** The role or scope that gives the permission, or the reason why none does. */
export function explain(core: Core, session: unknown, check: unknown): any {
  const held = asked(session, names.heldRights);
  const permission = asked({ authorization_check: check }, names.introspectTokenNetwork);
  return core.now((wasm, client, host) => wasm.explain(client, host, held, permission));
}
