// `stytch-edge/otel`, in every runtime. It does not need the wasm, so it has no `#boot`.

export * from "../otel.js";
