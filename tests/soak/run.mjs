// A soak of one runtime: an emulator, a guarded server, honest users and an attacker, through all phases. Returns measurements,
// and does not decide whether they are good.

import { setTimeout as sleep } from "node:timers/promises";

import { Emulator } from "../conformance/emulator.js";
import { GuardChecks } from "../frameworks/guard-checks.mjs";
import { startEmulator } from "../runtimes/inside/emulator.mjs";
import { randomNumbers } from "../runtimes/inside/seeded.mjs";
import { Calls } from "./calls.mjs";
import { Faults } from "./faults.mjs";
import { Findings } from "./findings.mjs";
import { attacker } from "./hostile.mjs";
import { Keys } from "./keys.mjs";
import { Load } from "./load.mjs";
import { CYCLE_SECONDS, LIMITS, LOAD, PHASES, PROBE_TOLERANCE_SECONDS } from "./plan.mjs";
import { Recovery } from "./recovery.mjs";
import { sender } from "./send.mjs";
import { SERVERS } from "./servers.mjs";
import { read } from "./tokens.mjs";
import { HonestUser, KnownCredentials } from "./users.mjs";

/** Runs a soak. `log` is called with the phases. */
export async function soak({ runtime, seconds, seed, broken, log }) {
  const { end: endEmulator, ...ready } = await startEmulator();
  const server = await SERVERS[runtime]({ emulator: ready, broken });
  const run = new Run({ ready, server, seed, log });
  const cycles = Math.max(1, Math.round(seconds / CYCLE_SECONDS));
  const measured = await run.all(cycles, seconds / cycles);
  await server.end();
  await endEmulator();
  return { runtime, ...measured };
}

class Run {
  constructor({ ready, server, seed, log }) {
    Object.assign(this, { server, seed, log });
    this.emulator = new Emulator(ready);
    this.checks = new GuardChecks(ready);
    this.random = randomNumbers(seed);
    this.findings = new Findings();
    this.known = new KnownCredentials();
    this.recovery = new Recovery();
    this.calls = new Calls(this.emulator, this.known, (number) => this.keys.sent(number));
    this.keys = new Keys();
    this.faults = new Faults(this.emulator, randomNumbers(seed + 1));
    this.ahead = 0;
    this.sent = 0;
  }

  async all(cycles, seconds) {
    const reader = setInterval(() => void this.calls.read(this.faults.areOn), READ_EVERY_MS);
    await this.#warmUp();
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      for (const phase of PHASES) {
        const memory = await this.#phase(phase, phase.share * seconds * 1_000, `${cycle + 1}/${cycles}`);
        // If there are several cycles, memory is compared with that after the first one.
        if (phase.name === "calm" && cycle <= 1) this.before = memory;
      }
    }
    clearInterval(reader);
    await this.calls.read(false);
    const after = await this.#memory();
    const { findings, calls, recovery, keys, before, errors, sent } = this;
    return { findings, calls, recovery, keys, before, after, errors, sent };
  }

  /** Fills the caches with hostile and honest requests. */
  async #warmUp() {
    await this.#logIn();
    // A single request, so that the key set is requested once.
    await sender(this.server.url)({ authorization: `Bearer ${this.users[0].session_jwt}` });
    await this.calls.read(false);
    await this.#phase({ name: "warm-up", hostile: "flood" }, WARM_UP_MS, "");
    // The limits of the warm-up's flood have no effect on the first phase.
    await this.#move(LIMITS.unknownKidSeconds + 1);
  }

  /** Runs a phase. Returns the memory of the server at its end. */
  async #phase({ name, hostile }, ms, cycle) {
    const started = Date.now();
    if (name === "calm") await this.#logIn();
    if (name === "rotation") await this.#rotate();
    const load = new Load({ ...this, phase: name, hostile, isLocal: (jwt) => this.#isLocal(jwt) });
    const faults = this.faults.begin(name, ms);
    if (name === "recovery") this.recovery.begin();
    const running = load.run();
    await sleep(started + ms - Date.now());
    if (name === "recovery") await this.#untilRecovered();
    await load.end(running);
    this.sent += load.sent;
    await faults.end();
    await this.calls.read(faults.wereOn);
    if (!this.server.isRunning()) throw new Error(`the server ended: ${this.server.stderr.join("\n")}`);
    const memory = await this.#memory();
    const shown = Object.entries(memory).map(([part, bytes]) => `${part} ${(bytes / 2 ** 20).toFixed(1)}`);
    this.log(`${[name, cycle].join(" ").trim()}: ${load.sent} requests; memory in MiB: ${shown.join(", ")}`);
    return memory;
  }

  async #untilRecovered() {
    const until = Date.now() + (LIMITS.longestPauseSeconds + 2 * PROBE_TOLERANCE_SECONDS) * 1_000;
    while (!this.recovery.isComplete && Date.now() < until) await sleep(50);
    this.recovery.end();
  }

  /** New users, with new sessions. Those of the last cycle do not return. */
  async #logIn() {
    const users = [];
    for (let number = 0; number < LOAD.honest.actors + LOAD.tokenOnly.actors + 1; number += 1) {
      users.push(new HonestUser(await this.checks.logIn(), this.checks));
    }
    const account = users.pop();
    this.users = users;
    this.keys.add(read(account.session_jwt).header.kid, this.calls.last);
    this.has = await attacker({ ...this, victims: users, account });
  }

  /** A new signing key. Afterwards, the clocks are at a time at which an unknown `kid` causes a request for the key set. */
  async #rotate() {
    await this.calls.read(false);
    const { kid } = await this.emulator.rotateKeys("consumer");
    this.keys.add(kid, this.calls.last);
    await this.#move(LIMITS.unknownKidSeconds + 1);
  }

  /** Moves both clocks. No request is running. The server's first: a JWT may be older, but not of the future. */
  async #move(seconds) {
    this.ahead += seconds;
    await this.#control(`clock?ahead_seconds=${this.ahead}`);
    await this.emulator.advance(seconds);
  }

  async #memory() {
    const state = await this.#control("state");
    this.errors = [...state.unhandled, ...this.server.stderr];
    return this.server.memory(state);
  }

  async #control(path) {
    const answer = await fetch(`${this.server.url}/_soak/${path}`);
    return answer.json();
  }

  /** Whether the server can verify this JWT without a request. */
  #isLocal(jwt) {
    const { header, claims } = read(jwt);
    return this.keys.has(header.kid) && claims.exp > Date.now() / 1_000 + this.ahead + EXPIRY_TOLERANCE_SECONDS;
  }
}

const WARM_UP_MS = 3_000;
const READ_EVERY_MS = 300;
const EXPIRY_TOLERANCE_SECONDS = 10;
