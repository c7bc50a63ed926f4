// A client of the emulator's control endpoints. It knows nothing about the package. It keeps
// the global `fetch` of the time when this module was loaded, so a test may replace the
// global `fetch`.

const fetch = globalThis.fetch;

/** A running emulator, from the line that it printed when it was ready. */
export class Emulator {
  constructor({ url, consumer, b2b, public_tokens, commit }) {
    Object.assign(this, { url, consumer, b2b, public_tokens, commit });
  }

  /** A valid session JWT with the changes in `header` and `claims`. */
  async token(order = {}) {
    const { token } = await this.control("POST", "tokens", { product: "consumer", ...order });
    return token;
  }

  /** The token in the newest e-mail to this address. */
  async tokenFor(address) {
    return (await this.messageTo(address)).token;
  }

  /** The newest message to this e-mail address or phone number. */
  async messageTo(address) {
    const { messages } = await this.control("GET", "outbox.json");
    const message = messages.find(({ to }) => to === address);
    if (!message) throw new Error(`no message to ${address} was found`);
    return message;
  }

  /** The API calls that the emulator receives while `step` runs, each as `METHOD path status credentials`. */
  async callsDuring(step) {
    const last = (await this.lastCall())?.number ?? 0;
    await step();
    return (await this.callsAfter(last)).map(
      ({ method, path, status, credentials }) => `${method} ${path} ${status} ${credentials}`,
    );
  }

  /** The newest call to the API. */
  async lastCall() {
    return (await this.callsAfter(0)).at(-1);
  }

  /** The newest calls to the API after the call with this number, at most 10,000. */
  async callsAfter(number) {
    return (await this.control("GET", `requests.json?after=${number}`)).requests;
  }

  /** Injects a fault into the API while `step` runs. */
  async withFault(fault, step) {
    await this.addFault(fault);
    try {
      return await step();
    } finally {
      await this.endFaults();
    }
  }

  /** Injects a fault into the API. */
  addFault(fault) {
    return this.control("POST", "faults", fault);
  }

  /** Ends all faults. */
  endFaults() {
    return this.control("DELETE", "faults");
  }

  /** Moves the emulator's clock forward permanently. */
  advance(seconds) {
    return this.control("POST", "clock", { advance_seconds: seconds });
  }

  /** Adds a new signing key to a product. The old key stays in the key set. */
  rotateKeys(product) {
    return this.control("POST", "keys/rotate", { product });
  }

  /** Sets the roles, resources and scopes of a product's own policy. */
  setPolicy(product, policy) {
    return this.control("POST", "policies", { product, ...policy });
  }

  /** The path of a product's key set. */
  keySetPath(product) {
    return `/v1/${product === "b2b" ? "b2b/" : ""}sessions/jwks/${this[product].project_id}`;
  }

  /** Calls a route below `/_emulator/`. */
  async control(method, endpoint, body) {
    const init = body ? { method, body: JSON.stringify(body) } : { method };
    const answer = await fetch(`${this.url}/_emulator/${endpoint}`, init);
    const json = await answer.json();
    if (!answer.ok) throw new Error(`the emulator refused ${endpoint}: ${json.error}`);
    return json;
  }
}
