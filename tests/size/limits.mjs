// The measurements of size-limit for `cargo xtask size`, gzipped, and their limits, which prevent unnoticed growth. The
// bundles use the conditions of a Worker's tools. npm `stytch` is included for comparison.

/** A Worker with a package. The sum includes the files that the bundle refers to, such as the wasm. */
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

const WASM = "../node_modules/stytch-edge/dist/wasm";

/** The limits if the standard library was built with the package, or if it was compiled already, with messages of panics. */
const BUILT = { clients: "209000 B", verify: "127200 B" };
const COMPILED = { clients: "218000 B", verify: "134500 B" };
const LIMITS = process.env.STYTCH_EDGE_WASM_STD === "rustup" ? COMPILED : BUILT;

export default [
  { ...worker("stytch-edge, bundle and wasm", "stytch-edge"), limit: LIMITS.clients },
  worker("stytch-edge, wasm alone", "stytch-edge", `${WASM}/stytch_edge_bg.wasm`),
  { ...worker("stytch-edge/verify, bundle and wasm", "stytch-edge/verify", "verifier.js"), limit: LIMITS.verify },
  worker("stytch-edge/verify, wasm alone", "stytch-edge/verify", `${WASM}/stytch_edge_verify_bg.wasm`),
  worker("stytch, bundle", "stytch"),
];
