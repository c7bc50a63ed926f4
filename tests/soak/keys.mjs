// The signing keys of the project, and whether the server has received them.

export class Keys {
  #issued = new Map();
  #known = new Map();
  #accepted = new Set();
  #waited = [];

  /** A key that was issued after the call with this number. */
  add(kid, number) {
    if (!this.#issued.has(kid)) this.#issued.set(kid, { number, at: Date.now() });
  }

  /** A key set was sent in the call with this number. A moment later, the server has its keys. */
  sent(number) {
    for (const [kid, issued] of this.#issued) {
      if (issued.number < number && !this.#known.has(kid)) this.#known.set(kid, Date.now() + ARRIVAL_MS);
    }
  }

  has(kid) {
    return this.#known.get(kid) < Date.now();
  }

  /** The server has accepted a token of this key. */
  accepted(kid) {
    if (this.#accepted.has(kid)) return;
    this.#accepted.add(kid);
    this.#waited.push((Date.now() - this.#issued.get(kid)?.at) / 1_000);
  }

  /** The keys that were issued, the keys whose tokens were accepted, and the longest time in seconds until one was accepted. */
  get summary() {
    return { issued: this.#issued.size, accepted: this.#accepted.size, longest: Math.max(...this.#waited) };
  }
}

/** From a call in the request log to the use of its response. */
const ARRIVAL_MS = 1_000;
