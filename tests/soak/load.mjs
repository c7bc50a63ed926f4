// The requests of one phase. Every actor has random numbers of its own, so a run with the same seed makes the same choices.
// The emulator's ids and the order of the requests differ.

import { setTimeout as sleep } from "node:timers/promises";

import { randomNumbers } from "../runtimes/inside/seeded.mjs";
import { next } from "./hostile.mjs";
import { LOAD } from "./plan.mjs";
import { sender } from "./send.mjs";
import { read } from "./tokens.mjs";

export class Load {
  #isOver = false;
  sent = 0;

  constructor({ server, users, has, findings, known, keys, recovery, random, phase, hostile, isLocal }) {
    Object.assign(this, { users, has, findings, known, keys, recovery, random, phase, hostile, isLocal });
    this.send = sender(server.url);
  }

  /** Sends requests until `end` is called. */
  run() {
    const { honest, tokenOnly } = LOAD;
    const attackers = LOAD[this.hostile];
    const actors = this.users.map((user, at) => {
      const isTokenOnly = at >= honest.actors;
      return this.#actor(isTokenOnly ? tokenOnly.pause : honest.pause, (random) => this.#honest(user, isTokenOnly, random));
    });
    for (let number = 0; number < attackers.actors; number += 1) {
      actors.push(this.#actor(attackers.pause, (random) => this.#hostile(random)));
    }
    return Promise.all(actors);
  }

  /** Ends the load, and waits until all requests have responses. */
  async end(running) {
    this.#isOver = true;
    await running;
  }

  async #actor(pause, step) {
    const random = randomNumbers(1 + this.random.below(2 ** 31 - 1));
    while (!this.#isOver) {
      this.sent += 1;
      await step(random);
      if (pause) await sleep(random.below(2 * pause));
    }
  }

  async #honest(user, isTokenOnly, random) {
    const { form, headers, jwt } = await user.next(random, isTokenOnly);
    const isLocal = jwt !== undefined && this.isLocal(jwt);
    if (jwt) this.known.add(jwt);
    const answer = await this.send(headers);
    this.findings.honest({ user, form, isLocal, when: this.phase }, answer);
    if (form === "token" || form.startsWith("expired")) this.recovery.add(form, answer.status === 200);
    else if (answer.status === 200 && JSON.parse(answer.body).via !== "remote") this.keys.accepted(read(jwt).header.kid);
  }

  async #hostile(random) {
    const { headers, unknownKey, jwt, ...rest } = await next(this.has, random, this.hostile);
    if (unknownKey) this.known.addUnknownKey(unknownKey);
    if (jwt) this.known.add(jwt);
    const signal = rest.aborted ? AbortSignal.timeout(1 + random.below(20)) : undefined;
    this.findings.hostile(rest, await this.send(headers, signal), this.phase);
  }
}
