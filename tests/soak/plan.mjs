// The numbers of a soak: its phases, its load, and the bounds that the checks compare with. A bound that the
// documentation names is in docs/guide/keys-stores-and-outages.md; if the limits there change, change them here.

/** The phases of one cycle, and their share of its time. `hostile` is an entry of LOAD. */
export const PHASES = [
  { name: "calm", share: 0.12, hostile: "calm" },
  { name: "flood", share: 0.26, hostile: "flood" },
  { name: "rotation", share: 0.1, hostile: "calm" },
  { name: "faults", share: 0.2, hostile: "calm" },
  { name: "brown-out", share: 0.2, hostile: "calm" },
  { name: "recovery", share: 0.12, hostile: "calm" },
];

/** The duration of the shortest run, and the duration from which a run has several cycles. */
export const SHORTEST_SECONDS = 30;
export const CYCLE_SECONDS = 120;

/** Actors, and their pause after each request in milliseconds: from 0 to twice this number. */
export const LOAD = {
  honest: { actors: 12, pause: 80 },
  /** Honest users with a session token only. In calm phases, all calls without a verified JWT stay below their limit. */
  tokenOnly: { actors: 2, pause: 1_000 },
  calm: { actors: 3, pause: 200 },
  flood: { actors: 12, pause: 0 },
};

/** The documented limits. Calls are counted at the API, so retries count too. */
export const LIMITS = {
  unverifiedPer10Seconds: 100,
  sessionPer10Seconds: 100,
  /** 10 calls, and each is repeated up to twice. */
  unknownKeyPerMinute: 30,
  /** In 30 seconds: one because a `kid` is unknown, and one because the key set is old. */
  keySetsPer30Seconds: 2,
  /**
   * As above, with failures: the second load begins immediately, and the pauses before the others are 1, 2, 4, 8 and 16 seconds.
   * Each load sends up to 3 requests.
   */
  keySetTriesPer30Seconds: 24,
  longestPauseSeconds: 30,
  /** A key set is requested for an unknown `kid` at most once in this time. */
  unknownKidSeconds: 30,
};

/**
 * The memory in MiB that a run may add after its first calm phase, or after the second one if it has several cycles. The caches
 * of the package have fixed limits. The shortest run has about 8,000 requests, so a leak of 1 KB per request adds 8 MiB to the
 * heap of Node. The resident memory of workerd is less exact: in its first 60,000 requests it grows by about 80 MiB, also if the
 * requests have no credentials, and then stays.
 */
export const GROWTH_MIB = { heap: 6, wasm: 3, resident: 64 };

/**
 * The API's clock and the time of arrival differ from the server's by less than 1 second, so windows are 1 second shorter than
 * the documented ones. Times are whole seconds: the calls of n whole seconds are less than n seconds apart.
 */
export const CLOCK_TOLERANCE_SECONDS = 1;

/** A pause ends with a probe, one per second, and its response. */
export const PROBE_TOLERANCE_SECONDS = 3;

/** After this many requests in a row that were served, a class of users has recovered. */
export const SERVED_IN_A_ROW = 10;

/** The stages of an outage, of equal length: the kinds of `POST /_emulator/faults`. */
export const BROWN_OUT = [
  { kind: "status", status: 503 },
  { kind: "hang" },
  { kind: "slow", delay_ms: 2_000 },
  { kind: "status", status: 429, headers: { "retry-after": "2" } },
  { kind: "reset" },
];

/** Faults of single calls. */
export const FAULTS = [
  { kind: "status", status: 500 },
  { kind: "status", status: 503 },
  { kind: "status", status: 429, headers: { "retry-after": "1" } },
  { kind: "close" },
  { kind: "reset" },
  { kind: "garbage" },
  { kind: "redirect" },
  { kind: "slow", delay_ms: 300 },
  { kind: "slow_body", delay_ms: 2, chunk_bytes: 64 },
  { kind: "partial_head" },
  { kind: "partial_body" },
  { kind: "short_length" },
  { kind: "large_body", bytes: 200_000, gzip: true },
  { kind: "answer", status: 200, body: {} },
];
