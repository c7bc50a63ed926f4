// Requests and responses as the WebAssembly exchanges them: emulator/npm/src/message.rs and delivery.rs.

/** A request with its complete body. */
export interface RawRequest {
  method: string;
  /** The path and the query. */
  target: string;
  headers: [name: string, value: string][];
  body: Uint8Array;
}

/** A response with its complete body, and how it is delivered. */
export interface Answer {
  status: number;
  headers: [name: string, value: string][];
  body: Uint8Array<ArrayBuffer>;
  delivery: Delivery;
}

/** How a connection ends after a part of a response. */
export type End = "closes" | "resets" | "hangs";

/** Each kind except `whole` is a fault that a test requested. */
export type Delivery =
  | { kind: "whole" | "gzip" | "hangs" | "closes" | "resets" }
  | { kind: "body_hangs" }
  | { kind: "late"; delay_ms: number }
  | { kind: "partial_head"; end: End }
  | { kind: "partial_body"; bytes: number; delay_ms: number; end: End }
  | { kind: "short_length"; bytes: number }
  | { kind: "slow_body"; chunk_bytes: number; delay_ms: number }
  | { kind: "endless_body"; chunk_bytes: number; delay_ms: number; max_bytes: number };
