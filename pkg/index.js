// @ts-check
// What the package exports, in every runtime. The methods are generated from the
// API's description; entry/<runtime>.js starts the wasm behind them.

import { credentialsFrom, envs } from "./config.js";
import { Core } from "./core.js";
import { B2BApi } from "./generated/b2b.js";
import { ConsumerApi } from "./generated/consumer.js";
import { SamlShieldApi } from "./generated/saml_shield.js";

export { ClientError, RequestError, StytchError } from "./errors.js";
export { SamlShield } from "./generated/saml_shield.js";
export { envs };

export class Client extends ConsumerApi {
  #core;

  constructor(config) {
    const core = new Core("consumer", config);
    super(core);
    this.#core = core;
  }

  loadKeys() {
    return this.#core.loadKeys();
  }

  static fromEnv(env, config) {
    return new this({ ...config, ...credentialsFrom(env) });
  }
}

export class B2BClient extends B2BApi {
  #core;

  constructor(config) {
    const core = new Core("b2b", config);
    super(core);
    this.#core = core;
  }

  loadKeys() {
    return this.#core.loadKeys();
  }

  static fromEnv(env, config) {
    return new this({ ...config, ...credentialsFrom(env) });
  }
}

export class SamlShieldClient extends SamlShieldApi {
  constructor(config) {
    super(new Core("saml_shield", config));
  }
}

export default { Client, B2BClient, SamlShieldClient };
