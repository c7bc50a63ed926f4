// The emulator's own pages and levers, as tests use them. Knows nothing of the
// package. All of it goes through the runtime's fetch, as it was when this module
// was loaded, so that a test may replace the global one.

const fetch = globalThis.fetch;

/** A running emulator, from the line that it printed when it was ready. */
export class Emulator {
  constructor({ url, consumer, b2b }) {
    Object.assign(this, { url, consumer, b2b });
  }

  /** A session JWT of the usual form, with `header` and `claims` merged in. */
  async token(order = {}) {
    const { token } = await this.#pull("POST", "tokens", { product: "consumer", ...order });
    return token;
  }

  /** The token in the newest e-mail to an address. */
  async tokenFor(address) {
    const { messages } = await this.#pull("GET", "outbox.json");
    const mail = messages.find((message) => message.to === address);
    if (!mail) throw new Error(`there is no e-mail to ${address}`);
    return mail.token;
  }

  /** The calls that reach the API while `step` runs, each as `METHOD path status credentials`. */
  async callsDuring(step) {
    const before = await this.#pull("GET", "requests.json");
    const last = before.requests.at(-1)?.number ?? 0;
    await step();
    const { requests } = await this.#pull("GET", `requests.json?after=${last}`);
    return requests.map(
      ({ method, path, status, credentials }) => `${method} ${path} ${status} ${credentials}`,
    );
  }

  /** The newest call to the API. */
  async lastCall() {
    return (await this.#pull("GET", "requests.json")).requests.at(-1);
  }

  /** Puts faults in front of the API while `step` runs. */
  async withFault(fault, step) {
    await this.#pull("POST", "faults", fault);
    try {
      return await step();
    } finally {
      await this.#pull("DELETE", "faults");
    }
  }

  /** Moves the emulator's clock forward, for good. */
  advance(seconds) {
    return this.#pull("POST", "clock", { advance_seconds: seconds });
  }

  /** Gives a product a new signing key; the old one stays in the key set. */
  rotateKeys(product) {
    return this.#pull("POST", "keys/rotate", { product });
  }

  /** Sets the roles, resources and scopes of a product's own policy. */
  setPolicy(product, policy) {
    return this.#pull("POST", "policies", { product, ...policy });
  }

  /** The path of a product's key set. */
  keySetPath(product) {
    return `/v1/${product === "b2b" ? "b2b/" : ""}sessions/jwks/${this[product].project_id}`;
  }

  async #pull(method, lever, body) {
    const init = body ? { method, body: JSON.stringify(body) } : { method };
    const answer = await fetch(`${this.url}/_emulator/${lever}`, init);
    const json = await answer.json();
    if (!answer.ok) throw new Error(`the emulator refused ${lever}: ${json.error}`);
    return json;
  }
}
