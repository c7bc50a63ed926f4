// The measurements of size-limit for `cargo xtask size`, gzipped, and their limits, which prevent unnoticed growth. The
// bundles use the conditions of a Worker's tools. npm `stytch` is included for comparison.

/** A Worker with the clients of a package. The sum includes the files that the bundle refers to, such as the wasm. */
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
  { ...worker("stytch-edge, bundle and wasm", "stytch-edge"), limit: "189000 B" },
  worker("stytch-edge, wasm alone", "stytch-edge", "../node_modules/stytch-edge/dist/wasm/stytch_edge_bg.wasm"),
  worker("stytch, bundle", "stytch"),
];
