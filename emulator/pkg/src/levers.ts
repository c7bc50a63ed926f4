// What a test reads and changes in an emulator. Each function is one call of a control route below `/_emulator/`, so that the
// server has the same levers. Times are RFC 3339 texts unless stated otherwise. If the emulator refuses an argument, the function
// throws an `EmulatorError` with the code `refused`.

import { EmulatorError } from "./errors.js";
import { newKey } from "./keys.js";

/** Calls a control route, and returns its JSON. */
export type Control = (method: string, path: string, body?: object) => any;

/** One of the emulator's two projects. */
export type Product = "consumer" | "b2b";

/** A message that the API would have sent. */
export interface Message {
  /** Counts from 1. */
  id: number;
  product: Product;
  channel: "email" | "sms" | "whatsapp";
  /** The recipient: an email address or a phone number. */
  to: string;
  /** For example `login`, `signup` or `passcode`. */
  kind: string;
  /** The link, with its token, if the message has one. */
  url?: string;
  /** The token of the link. */
  token?: string;
  /** The one-time passcode, if the message has one. */
  code?: string;
  sent_at: string;
  expires_at: string;
  /** Whether the token has been used. */
  used: boolean;
}

/** The messages that the API would have sent. */
export interface Outbox {
  /** The messages, newest first. The emulator stores the last 1,000. */
  list(): Message[];
  /** The newest message, or the newest one to this recipient. `undefined` if there is none. */
  latest(to?: string): Message | undefined;
  /** The link of the newest message that has one. Throws an `EmulatorError` with the code `no_message` if there is none. */
  link(to?: string): string;
  /** The token of the newest message that has one. Throws an `EmulatorError` with the code `no_message` if there is none. */
  token(to?: string): string;
  /** The passcode of the newest message that has one. Throws an `EmulatorError` with the code `no_message` if there is none. */
  code(to?: string): string;
}

/** The emulator's clock: the clock of the option `now`, plus an offset, unless it is frozen. */
export interface Clock {
  /** The emulator's time. */
  now(): Date;
  /** Moves the clock by this many whole seconds, forward or (negative) back. Returns the new time. */
  advance(seconds: number): Date;
  /** Sets the clock to this time: a `Date`, milliseconds since 1970 or an RFC 3339 text. Fractions of a second are dropped. */
  set(time: Date | number | string): Date;
  /** Stops the clock. `advance` and `set` still move it. */
  freeze(): Date;
  /** Lets a stopped clock run on from its time. */
  unfreeze(): Date;
  /** Back to the clock at the start: that of the option `now`, or of the seed. */
  reset(): Date;
  /** Sets by which clock tokens are dated, as the option `tokens`. */
  dateTokensBy(clock: "emulator-time" | "real-time"): Date;
}

/** How a connection ends within a response: closed, reset, or never. */
export type ConnectionEnd = "close" | "reset" | "hang";

interface FaultSource {
  /** The HTTP status, with `body` or `text` from 200 to 599. */
  status?: number;
  /** The JSON that replaces the API's response. */
  body?: unknown;
  /** The text that replaces the API's response. */
  text?: string;
  /** Replaces headers. A list repeats the header, `null` removes it. */
  headers?: Record<string, string | string[] | null>;
}

/** A failure. `delay_ms` is in milliseconds. `hang`, `close`, `reset`, `status`, `answer`, `garbage`, `redirect` and `hang_body` leave the state unchanged. */
export type FaultKind =
  /** No response. The connection stays open (`hang`), is closed or is reset. */
  | { kind: "hang" | "close" | "reset" }
  /** An error response of the API. Default status: 503. */
  | { kind: "status"; status?: number; headers?: FaultSource["headers"] }
  /** This response. Default status: 200. */
  | ({ kind: "answer" } & FaultSource)
  /** Status 200 with a body that is not JSON, or a body that never ends. */
  | { kind: "garbage" | "hang_body"; headers?: FaultSource["headers"] }
  /** Status 307. */
  | { kind: "redirect"; location?: string; headers?: FaultSource["headers"] }
  /** No fault, for a sequence. */
  | ({ kind: "none" } & FaultSource)
  /** Waits before the response. */
  | ({ kind: "slow"; delay_ms: number } & FaultSource)
  /** Waits before each chunk of the body. Default of `chunk_bytes`: 1. */
  | ({ kind: "slow_body"; delay_ms: number; chunk_bytes?: number } & FaultSource)
  /** A part of the headers. Default of `end`: `reset`. */
  | ({ kind: "partial_head"; end?: ConnectionEnd } & FaultSource)
  /** A part of the body. Defaults: half of the body, no delay, `close`. */
  | ({ kind: "partial_body"; bytes?: number; delay_ms?: number; end?: ConnectionEnd } & FaultSource)
  /** A `content-length` that is too small. Default: half of the body. */
  | ({ kind: "short_length"; bytes?: number } & FaultSource)
  /** Appends spaces until the body has this many bytes. */
  | ({ kind: "large_body"; bytes: number; gzip?: boolean } & FaultSource)
  /** Appends spaces until the client stops. Defaults: no delay, chunks of 65,536 bytes, an end after 64 MiB. */
  | ({ kind: "endless_body"; delay_ms?: number; chunk_bytes?: number; max_bytes?: number } & FaultSource);

/** A fault, or several one after the other, for the paths that start with `path_prefix` (default: all paths of the API). */
export type Fault =
  | (FaultKind & {
      path_prefix?: string;
      /** The number of calls. Default: all calls until `clear()`. */
      times?: number;
    })
  | {
      path_prefix?: string;
      /** In a sequence, the default of `times` is 1. */
      sequence: (FaultKind & { times?: number })[];
    };

/** Failures of the network and of the API. */
export interface Faults {
  /** Adds a fault. The oldest fault for a path applies first. */
  add(fault: Fault): void;
  /** The faults that still apply, oldest first. */
  list(): Record<string, unknown>[];
  /** Removes all faults. */
  clear(): void;
}

/** A call to the API. It does not contain secrets. */
export interface LoggedRequest {
  /** Counts from 1. */
  number: number;
  time: string;
  method: string;
  path: string;
  /** 0 if a fault withheld the status. */
  status: number;
  credentials: string;
  user_agent: string;
  [more: string]: unknown;
}

/** The calls to the API. */
export interface Requests {
  /** The last calls with a number above `after` (default: 0), oldest first. The emulator stores 10,000. */
  list(after?: number): LoggedRequest[];
  /** The number of calls since the start, by method and path, for example `{ "POST /v1/sessions/authenticate": 3 }`. */
  counts(path_prefix?: string): Record<string, number>;
}

/** A webhook of Stytch, signed as Svix signs. */
export interface Webhook {
  /** Counts from 1. */
  number: number;
  id: string;
  /** `source.object_type.action`, for example `direct.user.create`. */
  type: string;
  /** `svix-id`, `svix-timestamp` and `svix-signature`. */
  headers: Record<string, string>;
  /** The exact text that is signed. */
  body: string;
}

/** The webhooks that the emulator has collected. */
export interface Webhooks {
  /** The secret with which they are signed: `whsec_...`. */
  readonly secret: string;
  /** The webhooks with a number above `after` (default: 0), oldest first. */
  list(after?: number): Webhook[];
  /** Removes them. */
  clear(): void;
}

/** Roles, resources and scopes in the form of the API's policies. */
export interface Policy {
  roles?: object[];
  resources?: object[];
  scopes?: object[];
}

/** The policies of both projects, which the Stytch dashboard sets for a real project. */
export interface Policies {
  /** Sets the policy of a project, in addition to the built-in roles and resources. Returns the complete policy. */
  set(product: Product, policy: Policy): Policy;
}

/** The signing keys. */
export interface Keys {
  /** Replaces the signing key of a project (default: `consumer`). The key set still contains the old key. */
  rotate(product?: Product): Promise<{ kid: string }>;
}

/** One deviation from a valid token that a verifier must refuse. */
export type Flaw =
  // The times: in the past, in the future, absent, or of another type.
  | "expired" | "not_yet_valid" | "without_exp" | "exp_is_text"
  // The key: not in the key set, under the id of the current key, under its own id, without an id, or part of the token.
  | "other_key" | "unknown_kid" | "missing_kid" | "embedded_key" | "embedded_certificate" | "key_url"
  // The algorithm: none, HS256 with the text of the public key, RS512 in name only, or absent.
  | "alg_none" | "alg_none_mixed_case" | "alg_none_signed" | "other_algorithm" | "mislabeled_algorithm" | "without_alg"
  // The signature: one changed bit, empty, without its last byte, or of other claims.
  | "wrong_signature" | "empty_signature" | "short_signature" | "changed_claims"
  // The project: audience and issuer of another one, or absent.
  | "other_project" | "wrong_audience" | "similar_audience" | "without_audience" | "wrong_issuer" | "without_issuer"
  // The form: another kind of token, no session claim, another `typ`, an unknown `crit`, two parts, or four.
  | "other_kind" | "without_session" | "other_type" | "critical_header" | "malformed" | "four_parts";

/**
 * An authentication factor of a minted session. `whatsapp_otp`, `embeddable_magic_link`, `webauthn`, `biometric` and
 * `crypto_wallet` are factors of users only, `sso_saml` and `sso_oidc` of members only.
 */
export type MintFactor =
  | "magic_link" | "email_otp" | "sms_otp" | "whatsapp_otp" | "embeddable_magic_link"
  | "password" | "totp" | "recovery_code" | "webauthn" | "biometric" | "crypto_wallet" | "sso_saml" | "sso_oidc"
  | "impersonation" | "imported" | "trusted_auth_token" | "access_token_exchange"
  /** An OAuth provider, for example `oauth_google`. */
  | `oauth_${string}`;

/** A token for a test of a verifier. It is valid by default. */
export interface MintOptions {
  /** Default: `consumer`. */
  product?: Product;
  /**
   * A session JWT, an access token or an ID token of a Connected App, an M2M token, or a trusted auth token for
   * `sessions.attest`. Default: `session`.
   */
  kind?: "session" | "connected_app" | "id_token" | "m2m" | "trusted_token";
  /** What is wrong with the token. Default: nothing. */
  flaw?: Flaw;
  /** The signing key: that of the project, a key that is not in the key set, or no signature. Default: `current`. */
  key?: "current" | "stranger" | "none";
  /** The token belongs to this stored session. Default: a session that is not stored. */
  session_id?: string;
  /** The token belongs to this stored user. */
  user_id?: string;
  /** The token belongs to this stored member. */
  member_id?: string;
  /** The token belongs to this Connected App or M2M client. Default: a client that is not registered. */
  client_id?: string;
  /** The authentication factors of a session that is not stored. Default: `["magic_link"]`. */
  factors?: MintFactor[];
  /** The scopes of the token of a client. Default: `openid`, the scopes of the registered M2M client, or `read:users`. */
  scopes?: string[];
  /** The profile of a token of the kind `trusted_token`. The profile must have been added without `keys`. */
  profile_id?: string;
  /** Merged into the header (RFC 7396: `null` deletes). */
  header?: Record<string, unknown>;
  /** Merged into the claims (RFC 7396: `null` deletes). */
  claims?: Record<string, unknown>;
}

/** The levers of an emulator. */
export interface Levers {
  /** Returns a token: a session JWT by default. */
  mint(options?: MintOptions): string;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly requests: Requests;
  readonly webhooks: Webhooks;
  readonly policies: Policies;
  readonly keys: Keys;
  /** Back to the state at the start: the seed, no faults, no log, the clock at the start. */
  reset(): void;
  /** The state as JSON text, for `restore`: everything but the request log and the faults. It contains secrets and signing keys. */
  snapshot(): string;
  /** Replaces the state by that of a snapshot of the same version, also of another emulator. The request log and the faults stay. */
  restore(snapshot: string): void;
}

/** Builds the levers. `isSeeded`: new keys are those of the seed, not of WebCrypto. */
export function levers(control: Control, raw: (method: string, path: string, body?: string) => string, isSeeded: boolean): Levers {
  const clock = (body: object): Date => new Date(control("POST", "clock", body).now);
  const list = (): Message[] => control("GET", "outbox.json").messages;
  const isTo = (message: Message, to?: string) => to === undefined || message.to === to.toLowerCase();
  const needed = (name: "url" | "token" | "code", to?: string): string => {
    const message = list().find((known) => isTo(known, to) && known[name] !== undefined);
    if (!message) throw new EmulatorError("no_message", `the outbox has no message${to === undefined ? "" : ` to ${to}`} with a ${NAMES[name]}`);
    return message[name]!;
  };
  const query = (name: string, value: string | number | undefined) => (value === undefined ? "" : `?${new URLSearchParams({ [name]: String(value) })}`);
  return {
    mint: (options = {}) => control("POST", "tokens", { product: "consumer", ...options }).token,
    outbox: {
      list,
      latest: (to) => list().find((message) => isTo(message, to)),
      link: (to) => needed("url", to),
      token: (to) => needed("token", to),
      code: (to) => needed("code", to),
    },
    clock: {
      now: () => new Date(control("GET", "clock").now),
      advance: (seconds) => clock({ advance_seconds: seconds }),
      set: (time) => clock({ set: typeof time === "string" ? time : readTime(time) }),
      freeze: () => clock({ frozen: true }),
      unfreeze: () => clock({ frozen: false }),
      reset: () => clock({ reset: true }),
      dateTokensBy: (tokens) => clock({ tokens }),
    },
    faults: {
      add: (fault) => void control("POST", "faults", { path_prefix: "/v1", ...fault }),
      list: () => control("GET", "faults").faults,
      clear: () => void control("DELETE", "faults"),
    },
    requests: {
      list: (after) => control("GET", `requests.json${query("after", after)}`).requests,
      counts: (path_prefix) => control("GET", `requests/counts.json${query("path_prefix", path_prefix)}`).counts,
    },
    webhooks: {
      get secret() {
        return control("GET", "webhooks.json").secret;
      },
      list: (after) => control("GET", `webhooks.json${query("after", after)}`).webhooks,
      clear: () => void control("DELETE", "webhooks.json"),
    },
    policies: { set: (product, policy) => control("POST", "policies", { ...policy, product }).policy },
    keys: {
      async rotate(product = "consumer") {
        return control("POST", "keys/rotate", { product, ...(!isSeeded && { signing_key: await newKey() }) });
      },
    },
    reset: () => void control("POST", "reset"),
    snapshot: () => raw("GET", "snapshot.json"),
    restore: (snapshot) => void raw("POST", "restore", snapshot),
  };
}

const NAMES = { url: "link", token: "token", code: "passcode" };

function readTime(time: Date | number): string {
  const date = new Date(time);
  if (Number.isNaN(date.valueOf())) throw new EmulatorError("invalid_option", "the time of clock.set must be a valid Date, milliseconds since 1970 or an RFC 3339 text");
  return date.toISOString();
}
