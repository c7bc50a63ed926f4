// The retry budgets of the isolate. Tests share them, so each test that uses retries refills them.

import { both } from "./credentials.js";
import { answering } from "./signer.js";

const WORKING = `{"status_code":200,"active":false}`;
const NOT_FOUND = `{"status_code":404,"error_type":"session_not_found"}`;

/** The calls that fill an empty budget: 50 retries, 5 calls each. */
export const FULL = 250;

/** Makes calls that succeed with their first request. Each returns a fifth of a retry to the budget. */
export async function refill(t, budget, calls = FULL) {
  const call = CALLS[budget];
  for (let number = 0; number < calls; number += 1) await call(t);
}

const CALLS = {
  other: (t) => t.consumer({ fetch: answering(WORKING) }).debug.whoami(),
  unverified: (t) => t.consumer({ fetch: answering(WORKING) }).idp.introspectTokenNetwork({ token: "a", client_id: "b" }).catch(() => {}),
  verified: async (t) => {
    const { client, login } = await refreshing(t);
    await t.later(400, () => client.authenticateRequest(both(login)));
  },
};

/** A client whose refreshes are answered with 404, and a session whose JWT it verifies. */
async function refreshing(t) {
  if (known.has(t)) return known.get(t);
  const refresh_limits = { session_refreshes: Infinity, refused_session_seconds: 0 };
  const real = globalThis.fetch;
  const fetch = async (url, init) => (new URL(url).pathname === "/v1/sessions/authenticate" ? new Response(NOT_FOUND, { status: 404 }) : real(url, init));
  const its = { client: t.consumer({ ...t.fresh(), isolated: true, fetch, refresh_limits }), login: await t.logIn() };
  known.set(t, its);
  return its;
}

const known = new WeakMap();
