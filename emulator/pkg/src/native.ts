// The one WebAssembly instance of this process: it is started, entered, and replaced after a trap here.

import { compiled } from "#boot";
import { NativeEmulator, NativeFront, type NativeResponse, __wbg_reset_state, initSync, needs_signing_keys } from "#wasm";
import { EmulatorError } from "./errors.js";
import type { Answer, RawRequest } from "./message.js";

/** The arguments of a new emulator: emulator/npm/src/setup.rs. */
export interface Arguments {
  seed?: unknown;
  seed_text?: string;
  tokens?: string;
  allow_live?: boolean;
  consumer?: { project_id?: string; secret?: string };
  b2b?: { project_id?: string; secret?: string };
  signing_keys?: unknown[];
}

/** The id and the secret of a project. */
export interface Credentials {
  project_id: string;
  secret: string;
}

/** `public-token-test-<uuid>` of each project: the browser SDKs of Stytch call `/sdk/v1` with it. */
export interface PublicTokens {
  consumer: string;
  b2b: string;
}

/** The number of the instance. An emulator of an earlier instance is lost. */
let generation = 0;

/** Whether the instance trapped. The state of its memory is unknown then, so it must not be used again. */
let isTrapped = false;

let starting: Promise<void> | undefined;

/** Resolves once emulators can be created. After a failure, the next call tries again. */
export function start(): Promise<void> {
  starting ??= compiled()
    .then((module) => void initSync({ module }))
    .catch((cause: unknown) => {
      starting = undefined;
      throw new EmulatorError("wasm_not_ready", "the WebAssembly of stytch-emulator could not be started", cause);
    });
  return starting;
}

/** Whether an emulator with these arguments generates signing keys, unless `signing_keys` contains them. */
export function needsSigningKeys(its: Arguments): boolean {
  renew();
  const text = json(its);
  return enter(() => needs_signing_keys(text));
}

/** One emulator in the WebAssembly. */
export class Native {
  #emulator: NativeEmulator | undefined;
  readonly #generation: number;

  /** After `start()` only. `entropy` are 32 random bytes, `now` is in milliseconds since 1970. */
  constructor(its: Arguments, entropy: Uint8Array, now: number) {
    renew();
    this.#generation = generation;
    const text = json(its);
    this.#emulator = enter(() => new NativeEmulator(text, entropy, Math.floor(now / 1000)));
  }

  /** The credentials and public tokens of both projects. A restore can change them. */
  credentials(): { consumer: Credentials; b2b: Credentials; public_tokens: PublicTokens } {
    const emulator = this.#usable();
    return JSON.parse(enter(() => emulator.credentials()));
  }

  /** Answers a request. `now` is in milliseconds since 1970. */
  handle({ body, ...head }: RawRequest, now: number): Answer {
    const emulator = this.#usable();
    return enter(() => answerOf(emulator.handle(JSON.stringify(head), body, Math.floor(now / 1000))));
  }

  #usable(): NativeEmulator {
    if (!this.#emulator) throw new EmulatorError("closed", "the emulator is closed");
    if (this.#generation !== generation || isTrapped) throw crashed();
    return this.#emulator;
  }

  close(): void {
    if (this.#generation === generation && !isTrapped) this.#emulator?.free();
    this.#emulator = undefined;
  }
}

/** The requests that a server around the emulator accepts. */
export class Guard {
  readonly #front: NativeFront;

  /** The server listens on this address, and is also reached under `moreHosts`. Pages of the origin `cors` may read responses. */
  constructor(host: string, port: number, moreHosts: string[], cors: string | undefined) {
    this.#front = enter(() => new NativeFront(host, port, moreHosts.join(" "), cors));
  }

  /** The response to a request that must not reach the emulator. */
  check({ body: _, ...head }: RawRequest): Answer | undefined {
    const refusal = enter(() => this.#front.check(JSON.stringify(head)));
    return refusal && enter(() => answerOf(refusal));
  }

  /** The headers that the response to an accepted request must have. */
  headers({ body: _, ...head }: RawRequest): Answer["headers"] {
    return JSON.parse(enter(() => this.#front.headers(JSON.stringify(head))));
  }
}

function answerOf(response: NativeResponse): Answer {
  return { ...JSON.parse(response.head()), body: response.into_body() };
}

/** A seed can be circular, contain a BigInt, or run code of the caller. This happens outside of the WebAssembly. */
function json(its: Arguments): string {
  try {
    return JSON.stringify(its);
  } catch (cause) {
    throw new EmulatorError("invalid_seed", `the seed cannot be written as JSON: ${(cause as Error)?.message?.split("\n", 1)[0]}`, cause);
  }
}

function renew(): void {
  if (!isTrapped) return;
  __wbg_reset_state();
  generation += 1;
  isTrapped = false;
}

/** Runs a call into the WebAssembly, which runs none of a caller's code. */
function enter<T>(call: () => T): T {
  try {
    return call();
  } catch (cause) {
    // The WebAssembly throws plain errors itself. Others are a trap or an exhausted stack.
    if ((cause as Error)?.name === "Error") throw new EmulatorError("invalid_seed", (cause as Error).message);
    isTrapped = true;
    throw crashed(cause);
  }
}

function crashed(cause?: unknown): EmulatorError {
  return new EmulatorError("crashed", "a defect in stytch-emulator ended all emulators of this process; create new ones, and please report this", cause);
}
