// The methods of `rbac` that decide by policies that are loaded: what a session's roles, or an app's scopes, allow.

import type { Core } from "./core.js";
import * as names from "./generated/options.js";
import { asked } from "./options.js";

/** Whether a session's roles, or an app's scopes, allow something. */
export function can(core: Core, session: unknown, check: unknown): boolean {
  return explain(core, session, check).allowed;
}

/** Which of them does, or what is missing. */
export function explain(core: Core, session: unknown, check: unknown): any {
  const held = asked(Object(session ?? {}) as object, names.heldRights);
  const permission = asked({ authorization_check: check }, names.introspectTokenNetwork);
  return core.now((wasm, client, host) => wasm.explain(client, host, held, permission));
}
