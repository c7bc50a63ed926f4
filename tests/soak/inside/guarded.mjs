// The guarded handler of both servers, with the default options. It knows nothing about the load.

// The first import, so that it wraps `WebAssembly.Instance` before the package is loaded.
import * as memory from "../../conformance/memory.js";
import { Client, refusal } from "stytch-edge";

import { breakWith } from "./breaks.mjs";

const now = Date.now;

/** `given`: the data of the emulator, and `broken`, an entry of BREAKS or undefined. */
export function guarded({ emulator, broken }) {
  const unhandled = new Map();
  const own = breakWith(broken);
  const make = () => new Client({ ...emulator.consumer, custom_base_url: emulator.url, ...own.options });
  const client = make();
  return {
    client: () => (own.makesClients ? make() : client),
    /** Records an unhandled rejection, or an exception without a promise. */
    unhandled: (reason, promise = {}) => void unhandled.set(promise, String(reason?.stack ?? reason)),
    handled: (promise) => void unhandled.delete(promise),
    /** The response to a request with this verdict. */
    answer(verdict, headers) {
      const replaced = own.answer?.(verdict, headers, client);
      if (replaced) return replaced;
      if (verdict.status !== "authenticated") return refusal(verdict);
      const { session, via } = verdict;
      return Response.json({ user_id: session.user_id, session_id: session.session_id, via });
    },
    /** The requests of the soak itself. */
    control: {
      "/_soak/state": () => {
        for (let time = 0; time < 3; time += 1) globalThis.gc?.();
        return { unhandled: [...unhandled.values()], wasm: memory.instanceCount() ? memory.bytes() : 0 };
      },
      "/_soak/clock": (query) => {
        const ahead = Number(query.get("ahead_seconds")) * 1_000;
        Date.now = () => now.call(Date) + ahead;
        return true;
      },
    },
  };
}
