// The error class of the package. Codes are stable; messages are not.

/** Why an {@link EmulatorError} was thrown. */
export type EmulatorErrorCode =
  /** An option has an unknown name. */
  | "unknown_option"
  /** An option has a wrong type or value. */
  | "invalid_option"
  /** The seed is malformed. The message names the member. */
  | "invalid_seed"
  /** The emulator refused a setting, for instance an unknown kind of fault. The message names the member. */
  | "refused"
  /** The outbox does not contain such a message. */
  | "no_message"
  /** The emulator was used after `close()`. */
  | "closed"
  /** A defect in the emulator ended it. All emulators of this process are lost; new ones work. */
  | "crashed"
  /** The WebAssembly could not be started. */
  | "wasm_not_ready";

/** An error in the use of the emulator, for instance a misspelled option. Errors of the emulated API are not of this class. */
export class EmulatorError extends Error {
  /** Stable, unlike the message. */
  readonly code: EmulatorErrorCode;

  constructor(code: EmulatorErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "EmulatorError";
    this.code = code;
  }
}
