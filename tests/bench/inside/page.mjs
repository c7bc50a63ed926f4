// What a page does here: the same laps as a process.

import jose from "./contestants/jose.mjs";
import ours from "./contestants/ours.mjs";
import sync from "./contestants/sync.mjs";
import stytch from "./contestants/stytch.mjs";
import { checksOf } from "./laps.mjs";
import { measure, timedLap } from "./measure.mjs";

/** Measures every contestant on this page's clock. */
export async function laps({ stand, plan, freshFrom }) {
  const tokens = await (await fetch(`${stand.url}/tokens`)).json();
  return measure(timedLap(checksOf({ ours, sync, stytch, jose }, stand), tokens), plan, freshFrom);
}
