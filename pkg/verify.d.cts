// The same for `require`. TypeScript's node16 lets CommonJS name an ES module's types only.
import type * as esm from "./verify.js" with { "resolution-mode": "import" };

export type * from "./verify.js" with { "resolution-mode": "import" };

export declare const ClientError: typeof esm.ClientError;
export type ClientError = esm.ClientError;
export declare const SessionVerifier: typeof esm.SessionVerifier;
export type SessionVerifier<Its extends esm.Product = "consumer"> = esm.SessionVerifier<Its>;
export declare const refusal: typeof esm.refusal;
export declare const withSession: typeof esm.withSession;
