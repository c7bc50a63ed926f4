// Bundles the suite with the package for runtimes that take one file. The wasm
// stays a file of its own, as bundlers for these runtimes leave it.

import { fileURLToPath } from "node:url";

import { build } from "esbuild";

/**
 * Bundles a file of this folder under a condition of package.json. `wasm` says what
 * becomes of an import of wasm; what it puts into the namespace "wasm" has the
 * source text `compiled`.
 */
export function bundle(entry, { condition, outfile, define, format, wasm, compiled = "" }) {
  const setup = (options) => {
    options.onResolve({ filter: /\.wasm(\?module)?$/ }, wasm);
    options.onLoad({ filter: /.*/, namespace: "wasm" }, () => ({ contents: compiled, loader: "js" }));
  };
  return build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    conditions: [condition],
    define,
    // What workerd itself provides.
    external: ["cloudflare:workers"],
    format,
    outfile,
    platform: "browser",
    logLevel: "warning",
    plugins: [{ name: "wasm", setup }],
  });
}

/** Where the installed package's wasm is. */
export const WASM = fileURLToPath(import.meta.resolve("stytch-edge/stytch_edge.wasm"));
