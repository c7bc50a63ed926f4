// The options of `createEmulator`, and their checks. The WebAssembly checks the content of the seed.

import { EmulatorError } from "./errors.js";
import type { Seed } from "./seed.js";

/** The options of `createEmulator`. All are optional. */
export interface EmulatorOptions {
  /**
   * The content of the emulator at the start. A string or a number is a `random_seed`: two emulators with the same one, the
   * same clock and the same requests return the same bytes, and anyone can compute their signing keys. Default: no content, and
   * random values.
   */
  seed?: string | number | Seed | undefined;
  /** The clock: a `Date`, or milliseconds since 1970. Called for each request. Default: `Date.now`. */
  now?: (() => Date | number) | undefined;
  /**
   * The clock by which tokens are dated. If a test moves the emulator's clock and the verifier uses the real one,
   * `"real-time"` keeps new tokens valid. Default: `"emulator-time"`.
   */
  tokens?: "emulator-time" | "real-time" | undefined;
  /** Accepts project ids that start with `project-live-`. Default: `false`. */
  allow_live?: boolean | undefined;
}

/** Returns the options. Throws an {@link EmulatorError} with the code `unknown_option` or `invalid_option`. */
export function checked(options: EmulatorOptions | undefined): EmulatorOptions {
  if (options === undefined) return {};
  if (!isObject(options)) throw invalid("the options of createEmulator must be an object");
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(CHECKS, name)) throw new EmulatorError("unknown_option", `unknown createEmulator option "${name}"; known: ${Object.keys(CHECKS).join(", ")}`);
    const value = options[name as keyof EmulatorOptions];
    const [isValid, expected] = CHECKS[name as keyof EmulatorOptions];
    if (value !== undefined && !isValid(value)) throw invalid(`the createEmulator option "${name}" must be ${expected}`);
  }
  return options;
}

/** Returns milliseconds since 1970 from the option `now`. */
export function readClock(now: EmulatorOptions["now"]): number {
  const time = Number(now ? now() : Date.now());
  if (!Number.isFinite(time)) throw invalid("the createEmulator option \"now\" must return a Date or milliseconds since 1970");
  return time;
}

const CHECKS: Record<keyof EmulatorOptions, [isValid: (value: unknown) => boolean, expected: string]> = {
  seed: [(value) => typeof value === "string" || Number.isFinite(value) || isObject(value), "a string, a number or an object"],
  now: [(value) => typeof value === "function", "a function that returns a Date or milliseconds since 1970"],
  tokens: [(value) => value === "emulator-time" || value === "real-time", '"emulator-time" or "real-time"'],
  allow_live: [(value) => typeof value === "boolean", "true or false"],
};

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(message: string): EmulatorError {
  return new EmulatorError("invalid_option", message);
}
