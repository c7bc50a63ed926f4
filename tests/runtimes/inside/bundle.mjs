// Bundles the suite with the package into one file. The wasm stays a separate file, as in the
// output of bundlers for these runtimes.

import { fileURLToPath } from "node:url";

import { build } from "esbuild";

/**
 * Bundles a file of this folder with a condition of package.json. `wasm` resolves imports of
 * wasm. A module that it resolves to the namespace "wasm" has the source text `compiled`. `external` names more modules
 * that the runtime provides.
 */
export function bundle(entry, { condition, outfile, define, format, wasm, compiled = "", external = [] }) {
  const setup = (options) => {
    options.onResolve({ filter: /\.wasm(\?module)?$/ }, wasm);
    options.onLoad({ filter: /.*/, namespace: "wasm" }, () => ({ contents: compiled, loader: "js" }));
  };
  return build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    conditions: [condition],
    define,
    // Modules that workerd provides.
    external: ["cloudflare:workers", ...external],
    format,
    outfile,
    platform: "browser",
    logLevel: "warning",
    plugins: [{ name: "wasm", setup }],
  });
}

/** The path of the installed package's wasm. */
export const WASM = fileURLToPath(import.meta.resolve("stytch-edge/stytch_edge.wasm"));
