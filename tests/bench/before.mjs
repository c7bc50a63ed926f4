// An older package of stytch-edge, installed in a folder of its own, as a contestant in each
// measurement.

import { cp } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * Copies the contestants to a folder whose node_modules has the older package, so that their imports find it.
 * Returns their folder and its URL, the package's version and the folder of its wasm.
 */
export async function prepareBefore(folder) {
  const contestants = join(folder, "contestants");
  await cp(fileURLToPath(new URL("inside/contestants", import.meta.url)), contestants, { recursive: true });
  const require = createRequire(join(contestants, "ours.mjs"));
  return {
    contestants,
    url: pathToFileURL(contestants).href,
    version: require("stytch-edge/package.json").version,
    wasm: dirname(require.resolve("stytch-edge/stytch_edge.wasm")),
  };
}
