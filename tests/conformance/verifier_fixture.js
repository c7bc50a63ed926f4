// The fixture of the tests that run a second time, with the wasm of `stytch-edge/verify`: its clients check sessions with a
// `SessionVerifier`, and call the API with a client.

import { Fixture } from "./fixture.js";

export class VerifierFixture extends Fixture {
  consumer(more) {
    return this.#checking(super.consumer(more), { ...this.config(), ...more });
  }

  b2b(more) {
    return this.#checking(super.b2b(more), { ...this.config("b2b"), ...more, product: "b2b" });
  }

  #checking(client, { secret, remote_fallback, ...config }) {
    const verifier = new this.verify.SessionVerifier(config);
    const sessions = own(client.sessions, {
      authenticateJwtLocal: (params, options) => verifier.authenticateJwtLocal(params, options),
      authenticateJwtLocalSync: (params) => verifier.authenticateJwtLocalSync(params),
    });
    return own(client, {
      sessions,
      authenticateRequest: (request, options) => verifier.authenticateRequest(request, options),
      loadKeys: (options) => verifier.loadKeys(options),
      reset: () => {
        client.reset();
        verifier.reset();
      },
    });
  }
}

/** The object, with these properties in place of its own. Its methods keep their object. */
function own(object, properties) {
  const value = (target, name) => {
    const found = target[name];
    return typeof found === "function" ? found.bind(target) : found;
  };
  return new Proxy(object, { get: (target, name) => (Object.hasOwn(properties, name) ? properties[name] : value(target, name)) });
}

