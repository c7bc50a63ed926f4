// The calls that the API received, from the emulator's request log, and the most of them in a window of time.

const AUTHENTICATE = "/v1/sessions/authenticate";

/** Reads the log again and again, because it keeps the last 10,000 calls only. */
export class Calls {
  #emulator;
  #known;
  #last = 0;
  #reading = Promise.resolve();
  #seconds = { unverified: [], unknownKey: [], keySets: [], keySetTries: [] };
  #sessions = new Map();
  #whenKeySet;

  /** `known` are the KnownCredentials. `whenKeySet` is called after a key set was sent without a fault. */
  constructor(emulator, known, whenKeySet) {
    this.#emulator = emulator;
    this.#known = known;
    this.#whenKeySet = whenKeySet;
  }

  /** Reads the calls since the last time. `hasFaults`: key sets may have been incomplete. */
  read(hasFaults) {
    this.#reading = this.#reading.then(async () => {
      for (const call of await this.#emulator.callsAfter(this.#last)) this.#count(call, hasFaults);
    });
    return this.#reading;
  }

  /** The number of the last call that was read. */
  get last() {
    return this.#last;
  }

  /** The most calls of a kind in a window of this length, and their total. */
  most(kind, seconds) {
    return { most: mostIn(this.#seconds[kind], seconds), total: this.#seconds[kind].length };
  }

  /** The most calls for one session in a window, and the total of all sessions. */
  mostOfASession(seconds) {
    const all = [...this.#sessions.values()];
    return { most: Math.max(0, ...all.map((times) => mostIn(times, seconds))), total: all.reduce((sum, { length }) => sum + length, 0) };
  }

  #count(call, hasFaults) {
    this.#last = call.number;
    const second = Date.parse(call.time) / 1_000;
    if (call.path === this.#emulator.keySetPath("consumer")) {
      this.#seconds.keySetTries.push(second);
      if (hasFaults) return;
      this.#seconds.keySets.push(second);
      this.#whenKeySet(call.number);
    } else if (call.path === AUTHENTICATE) {
      const { unverified, unknownKey, session } = this.#known.classOf(call);
      if (unverified) this.#seconds.unverified.push(second);
      if (unknownKey) this.#seconds.unknownKey.push(second);
      if (session === undefined) return;
      if (!this.#sessions.has(session)) this.#sessions.set(session, []);
      this.#sessions.get(session).push(second);
    }
  }
}

/** The most of these times, in order, within a number of consecutive whole seconds. */
function mostIn(times, seconds) {
  let [most, first] = [0, 0];
  for (const [at, time] of times.entries()) {
    while (times[first] <= time - seconds) first += 1;
    most = Math.max(most, at - first + 1);
  }
  return most;
}
