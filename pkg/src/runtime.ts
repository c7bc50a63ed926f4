// The properties of the runtime, which boot/<runtime>.ts sets.

import type { WaitUntil } from "./config.js";

/** The properties of a runtime. */
export interface Runtime {
  /** Whether a call may await the request of another call. On workerd it may not. */
  shares_pending: boolean;
  /** Whether the runtime's own `fetch` may send a request again if its body is a string. */
  resends_text?: boolean;
  /** The runtime's own waitUntil, if it has one. */
  wait_until?: WaitUntil;
}

export const runtime: Runtime = { shares_pending: true };
