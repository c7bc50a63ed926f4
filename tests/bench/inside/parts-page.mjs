// The parts of a cold start in a page.

// The first import, so that it replaces the functions before the package is loaded.
import { partsOf } from "./parts.mjs";

/** Milliseconds by part. */
export const parts = (given) => partsOf(() => import(`/bundled/entry-${given.entry}.js`), given);
