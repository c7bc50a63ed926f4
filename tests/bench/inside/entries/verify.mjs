// The entry stytch-edge/verify, for bundles.

export * from "stytch-edge/verify";
