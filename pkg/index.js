// @ts-check
// What the package exports, in every runtime. The methods are generated from the
// API's description; boot/<runtime>.js starts the wasm behind them.

import { credentialsFrom, envs } from "./config.js";
import { Core } from "./core.js";
import { B2BApi } from "./generated/b2b.js";
import { ConsumerApi } from "./generated/consumer.js";
import { SamlShieldApi } from "./generated/saml_shield.js";

export { ClientError, RequestError, StytchError } from "./errors.js";
export { refusal, withSession } from "./handlers.js";
export { SamlShield } from "./generated/saml_shield.js";
export { cacheStore, denoKvStore, kvStore } from "./stores.js";
export { SessionVerifier } from "./verify.js";
export { envs };

/** What the clients of both products have beside the methods of their API. */
const clientOf = (Api, product) =>
  class extends Api {
    #core;

    constructor(config) {
      const core = new Core(product, config);
      super(core);
      this.#core = core;
    }

    static fromEnv(env, config) {
      return new this({ ...config, ...credentialsFrom(env) });
    }

    loadKeys() {
      return this.#core.loadKeys();
    }

    loadPolicies(params) {
      return this.#core.loadPolicies(params);
    }

    exportKeys() {
      return this.#core.exportKeys();
    }

    authenticateRequest(request, options) {
      return this.#core.visits.verdict(request, options);
    }

    sessionHeaders(result, options) {
      return this.#core.visits.logIn(result, options);
    }

    clearSessionHeaders(options) {
      return this.#core.visits.logOut(options);
    }
  };

export class Client extends clientOf(ConsumerApi, "consumer") {}

export class B2BClient extends clientOf(B2BApi, "b2b") {}

export class SamlShieldClient extends SamlShieldApi {
  constructor(config) {
    super(new Core("saml_shield", config));
  }
}

export default { Client, B2BClient, SamlShieldClient };
