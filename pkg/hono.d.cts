// The same for `require`. TypeScript's node16 lets CommonJS name an ES module's types only.
import type * as esm from "./hono.js" with { "resolution-mode": "import" };

export type * from "./hono.js" with { "resolution-mode": "import" };

export declare const authenticated: typeof esm.authenticated;
