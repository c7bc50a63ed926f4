// What size-limit measures for `cargo xtask size`, gzipped, and the limits: a guard against growth that nobody notices. It
// is bundled under the conditions that a Worker's tools use; npm `stytch` is there for comparison.

/** A Worker with the clients of a package. What else it is bundled of, here the wasm, is a part of the sum. */
const worker = (name, measured, path = "worker.js") => ({
  name,
  path,
  gzip: true,
  modifyEsbuildConfig: (config) => ({
    ...config,
    alias: { measured },
    conditions: ["workerd", "worker"],
    external: ["cloudflare:*", "node:*"],
    format: "esm",
    loader: { ".wasm": "copy" },
    platform: "browser",
    target: "es2022",
  }),
});

export default [
  { ...worker("stytch-edge, bundle and wasm", "stytch-edge"), limit: "154500 B" },
  worker("stytch-edge, wasm alone", "stytch-edge", "../node_modules/stytch-edge/dist/wasm/stytch_edge_bg.wasm"),
  worker("stytch, bundle", "stytch"),
];
