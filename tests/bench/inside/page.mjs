// The laps in a page.

import jose from "./contestants/jose.mjs";
import ours from "./contestants/ours.mjs";
import sync from "./contestants/sync.mjs";
import stytch from "./contestants/stytch.mjs";
import { checksOf } from "./laps.mjs";
import { measure, timedLap } from "./measure.mjs";

/** Measures every contestant with this page's clock. */
export async function laps({ server, plan, freshFrom }) {
  const tokens = await (await fetch(`${server.url}/tokens`)).json();
  return measure(timedLap(checksOf({ ours, sync, stytch, jose }, server), tokens), plan, freshFrom);
}
