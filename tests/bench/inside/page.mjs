// The laps in a page, with the bundles of the contestants.

import { checkOf, runLap } from "./laps.mjs";
import { measure, timedLap } from "./measure.mjs";

/** Measures the contestants with this page's clock. */
export async function laps({ server, plan, freshFrom, contestants }) {
  const tokens = await (await fetch(`${server.url}/tokens`)).json();
  const checks = {};
  for (const [name, { keys, module }] of Object.entries({ ...contestants.first, ...contestants.again })) {
    checks[name] = checkOf(name, keys, await import(`/bundled/${module}.js`), server);
  }
  const names = { first: Object.keys(contestants.first), again: Object.keys(contestants.again) };
  return measure(timedLap(checks, tokens, runLap), names, plan, freshFrom);
}
