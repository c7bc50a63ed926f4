// What `client.doctor` returns. Types only: the wasm checks.

import type { FindingCode, FindingSeverity } from "./generated/words.js";

/** What one check of `client.doctor` found. */
export interface Finding {
  /** The subject of the check. */
  code: FindingCode;
  /** Whether there is a problem. */
  severity: FindingSeverity;
  /** What was found, in sentences. It never contains the secret. */
  message: string;
  /** What to do about it, in sentences. Empty if there is nothing to do. */
  advice: string;
}
