// The same for `require`. TypeScript's node16 lets CommonJS name an ES module's types only.
import type * as esm from "./index.js" with { "resolution-mode": "import" };

export type * from "./index.js" with { "resolution-mode": "import" };

export declare const Client: typeof esm.Client;
export type Client = esm.Client;
export declare const B2BClient: typeof esm.B2BClient;
export type B2BClient = esm.B2BClient;
export declare const SamlShield: typeof esm.SamlShield;
export type SamlShield = esm.SamlShield;
export declare const SamlShieldClient: typeof esm.SamlShieldClient;
export type SamlShieldClient = esm.SamlShieldClient;
export declare const StytchError: typeof esm.StytchError;
export type StytchError = esm.StytchError;
export declare const RequestError: typeof esm.RequestError;
export type RequestError = esm.RequestError;
export declare const ClientError: typeof esm.ClientError;
export type ClientError = esm.ClientError;
export declare const SessionVerifier: typeof esm.SessionVerifier;
export type SessionVerifier<Its extends "consumer" | "b2b" = "consumer"> = esm.SessionVerifier<Its>;
export declare const refusal: typeof esm.refusal;
export declare const withSession: typeof esm.withSession;
export declare const envs: typeof esm.envs;
export declare const cacheStore: typeof esm.cacheStore;
export declare const kvStore: typeof esm.kvStore;
export declare const denoKvStore: typeof esm.denoKvStore;
declare const _default: typeof esm.default;
export default _default;
