// `stytch-edge/astro` in one runtime. It uses the caller's client and does not need the wasm, so it has no `#boot`.

export * from "../astro.js";
