// The package, for bundles.

export * from "stytch-edge";
