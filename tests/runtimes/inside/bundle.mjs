// Bundles the suite with the package into one file. The wasm stays a separate file, as in the
// output of bundlers for these runtimes.

import { copyFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

/**
 * Bundles a file of this folder with a condition of package.json. `wasm` resolves imports of
 * wasm. A module that it resolves to the namespace "wasm" has the source text that `compiled` returns for its path. `external` names more modules
 * that the runtime provides.
 */
export function bundle(entry, { condition, outfile, define, format, wasm, compiled, external = [] }) {
  const setup = (options) => {
    options.onResolve({ filter: /\.wasm(\?module)?$/ }, wasm);
    options.onLoad({ filter: /.*/, namespace: "wasm" }, ({ path }) => ({ contents: compiled(path), loader: "js" }));
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

/** Bundles a Worker into `folder`: `worker.js`, and {@link WORKERD_WASMS}. */
export async function bundleWorker(entry, folder, options) {
  await bundleScript(entry, folder, options);
  for (const name of WORKERD_WASMS) await copyFile(join(WASM_FOLDER, name), join(folder, name));
}

/** Bundles a Worker into `worker.js` in `folder`. Returns the names of the wasm files that it imports. */
export async function bundleScript(entry, folder, { define = {}, external } = {}) {
  const imported = new Set();
  const wasm = ({ path }) => {
    const name = basename(path).replace("?module", "");
    imported.add(name);
    return { path: `./${name}`, external: true };
  };
  await bundle(entry, { condition: "workerd", outfile: join(folder, "worker.js"), define, format: "esm", wasm, external });
  return imported;
}

/** The folder of the installed package's wasm files. */
export const WASM_FOLDER = dirname(fileURLToPath(import.meta.resolve("stytch-edge/stytch_edge.wasm")));

/** The names of the wasm files that the build for workerd imports. */
export const WORKERD_WASMS = ["stytch_edge_relaxed_bg.wasm", "stytch_edge_verify_relaxed_bg.wasm"];

/** The paths of the wasm files for other runtimes: for the clients, and for `stytch-edge/verify`. */
export const WASMS = {
  "stytch_edge_bg.wasm": join(WASM_FOLDER, "stytch_edge_bg.wasm"),
  "stytch_edge_verify_bg.wasm": join(WASM_FOLDER, "stytch_edge_verify_bg.wasm"),
};
