// The faults of a phase: an outage in stages, or faults of single calls.

import { setTimeout as sleep } from "node:timers/promises";

import { BROWN_OUT, FAULTS } from "./plan.mjs";

export class Faults {
  #emulator;
  #random;
  /** Whether faults affect calls now. */
  areOn = false;

  constructor(emulator, random) {
    this.#emulator = emulator;
    this.#random = random;
  }

  /** Begins the faults of a phase, which lasts `ms`. `end` ends them. */
  begin(phase, ms) {
    const steps = { faults: () => this.#single(), "brown-out": (stage) => this.#outage(stage, ms) }[phase];
    if (!steps) return { wereOn: false, end: async () => {} };
    this.areOn = true;
    let isOver = false;
    const running = (async () => {
      for (let step = 0; !isOver; step += 1) await steps(step);
    })();
    const end = async () => {
      isOver = true;
      await running;
      await this.#emulator.endFaults();
      this.areOn = false;
    };
    return { wereOn: true, end };
  }

  async #outage(stage, ms) {
    await this.#emulator.endFaults();
    await this.#emulator.addFault({ path_prefix: "/v1/", ...BROWN_OUT[Math.min(stage, BROWN_OUT.length - 1)] });
    await sleep(ms / BROWN_OUT.length);
  }

  async #single() {
    const path_prefix = this.#random.oneOf(["/v1/sessions/authenticate", "/v1/sessions/authenticate", "/v1/sessions/jwks"]);
    await this.#emulator.addFault({ path_prefix, ...this.#random.oneOf(FAULTS), times: 1 + this.#random.below(2) });
    await sleep(50 + this.#random.below(250));
    // Faults that no call has met do not collect.
    if (this.#random.below(4) === 0) await this.#emulator.endFaults();
  }
}
