// The time after an outage until users are served again whose sessions the API must authenticate.

import { SERVED_IN_A_ROW } from "./plan.mjs";

export class Recovery {
  #classes;
  #began;
  #worst = { expired: 0, token: 0 };

  /** The outage has ended. */
  begin() {
    this.#began = Date.now();
    this.#classes = { expired: { refusedAt: 0, row: 0 }, token: { refusedAt: 0, row: 0 } };
  }

  /** A response to a user whose session the API must authenticate. Ignored except after an outage. */
  add(form, isServed) {
    if (!this.#classes) return;
    const its = this.#classes[form === "token" ? "token" : "expired"];
    its.row = isServed ? its.row + 1 : 0;
    if (!isServed) its.refusedAt = Date.now() - this.#began;
  }

  /** Whether both classes are served again. */
  get isComplete() {
    return Object.values(this.#classes).every(({ row }) => row >= SERVED_IN_A_ROW);
  }

  end() {
    for (const [name, { refusedAt, row }] of Object.entries(this.#classes)) {
      const seconds = row >= SERVED_IN_A_ROW ? refusedAt / 1_000 : Infinity;
      this.#worst[name] = Math.max(this.#worst[name], seconds);
    }
    this.#classes = undefined;
  }

  /** The longest time in seconds, of users with an expired JWT and of users with a session token. */
  get seconds() {
    return this.#worst;
  }
}
