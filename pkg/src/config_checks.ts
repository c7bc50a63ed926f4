// Checks a client's configuration. A constructor must answer at once, and in a browser the wasm is not
// loaded yet, so this is done here.

import { envs } from "./config.js";
import { ClientError, invalid } from "./errors.js";
import type { Hooks } from "./host.js";
import { bare, picked } from "./options.js";
import { cookieOptions } from "./requests.js";
import type { CookieOptions, RemoteFallback } from "./verdicts.js";

/** A checked configuration: the part for the wasm, and the caller's own code. */
export interface Checked {
  wasm: WasmConfig;
  hooks: Hooks;
  cookies: CookieOptions | undefined;
}

/** The configuration as npm/src/options.rs reads it. It has no prototype, because the wasm reads inherited members too. */
export interface WasmConfig {
  product: string;
  project_id: string;
  secret: string;
  base_url: string;
  origin: string;
  fraud_origin: string;
  timeout_ms: number;
  jwks?: string | undefined;
  jwks_pinned?: boolean | undefined;
  jwks_url?: string | undefined;
  isolated?: number | undefined;
  keys_max_stale_seconds?: number | undefined;
  policy_ttl_seconds?: number | undefined;
  max_entries?: number | undefined;
  max_bytes?: number | undefined;
  remote_fallback?: RemoteFallback | undefined;
  cookies?: string | undefined;
}

/** A configuration, before it is checked. */
type Unchecked = Record<string, any>;

/** Options of clients that check tokens. */
const FOR_CHECKS = [
  ...["jwks", "jwks_pinned", "jwks_url", "isolated", "token_cache", "store", "keys_max_stale_seconds", "policy_ttl_seconds"],
  ...["wait_until", "on_event", "remote_fallback", "cookies"],
];

/** Options of all clients. */
const FOR_ALL = [
  ...["project_id", "secret", "public_token", "product", "env", "custom_base_url", "fraud_env", "timeout", "dispatcher", "fetch"],
  ...FOR_CHECKS,
];

/** How each kind of client is read, what its config must have, and what it may not. */
const KINDS: Record<string, [read: (config: Unchecked) => Read, needed: string, unsupported: string[]]> = {
  verifier: [verifier, "project_id", ["policy_ttl_seconds"]],
  saml_shield: [samlShield, "public_token", FOR_CHECKS],
};

/** What is read of each kind of client. */
interface Read {
  wasm: Omit<WasmConfig, "product" | "timeout_ms"> & { product?: string };
  cookies?: CookieOptions | undefined | undefined;
}

/** Checks a configuration. The caller's object is only read, each option once. */
export function checked(product: string, config: unknown): Checked {
  const [read, needed, unsupported] = KINDS[product] ?? [(given) => project(given), "project_id and secret", []];
  if (typeof config !== "object" || config === null) throw invalid(`a config object with ${needed} is needed`);
  const given: Unchecked = picked(config, FOR_ALL);
  const refused = unsupported.find((name) => given[name] !== undefined);
  if (refused) throw new ClientError("not_supported", `the option "${refused}" is not supported here`);
  const { wasm, cookies } = read(given);
  const whole = Object.assign(bare(), { product, timeout_ms: timeout(given.timeout) }, wasm);
  return { wasm: Object.freeze(whole) as unknown as WasmConfig, hooks: Object.freeze(hooksOf(given)), cookies };
}

/** A client without a secret, whose config names the product. */
function verifier(config: Unchecked): Read {
  const { secret, product = "consumer", remote_fallback = "never" } = config;
  if (secret !== undefined) throw invalid('"secret" must not be in the config of a SessionVerifier: it runs where no secret may be');
  oneOf("product", product, ["consumer", "b2b"]);
  if (remote_fallback !== "never") throw invalid('"remote_fallback" of a SessionVerifier is "never"');
  const { wasm, cookies } = project(config, "");
  return { wasm: { ...wasm, product, remote_fallback: "never" }, cookies };
}

function project(config: Unchecked, secret: string = text(config, "secret")): Read {
  const project_id = projectId(config);
  const { remote_fallback, isolated, jwks_url, cookies: asked } = config;
  if (remote_fallback !== undefined) oneOf("remote_fallback", remote_fallback, ["always", "stale", "never"]);
  if (asked !== undefined && (typeof asked !== "object" || asked === null)) throw invalid('"cookies" in config must be an object');
  const cookies = asked && Object.freeze(cookieOptions('"cookies" in config', asked));
  const env = project_id.startsWith("project-live-") ? envs.live : envs.test;
  const base = config.custom_base_url ? "custom_base_url" : "env";
  const { href, origin } = urlIn(base, config[base] || env);
  const wasm = {
    ...{ project_id, secret, base_url: href, origin, fraud_origin: urlIn("fraud_env", config.fraud_env || envs.fraud).origin },
    ...{ ...keysIn(config), ...limitsIn(config), remote_fallback },
    jwks_url: jwks_url === undefined ? undefined : urlIn("jwks_url", jwks_url).href,
    // A number of its own for each client that shares no state.
    isolated: flag("isolated", isolated) ? (lastIsolated += 1) : undefined,
    cookies: cookies && JSON.stringify(cookies),
  };
  return { wasm, cookies };
}

let lastIsolated = 0;

/** SAML Shield has a host of its own, and a public token in place of project and secret. */
function samlShield(config: Unchecked): Read {
  const secret = text(config, "public_token");
  const { href, origin } = urlIn("custom_base_url", config.custom_base_url || "https://api.samlshield.com/");
  return { wasm: { product: "consumer", project_id: "", secret, base_url: href, origin, fraud_origin: origin } };
}

/** An id or a secret. White space and quotes around it come from the way it was copied. */
function text(config: Unchecked, name: string): string {
  const value: unknown = config[name];
  if (value === undefined || value === null || value === "") throw invalid(`Missing "${name}" in config`);
  if (typeof value !== "string") throw invalid(`"${name}" in config must be a string`);
  if (!/^[!-~]+$/.test(value) || /^["'`]|["'`]$/.test(value)) {
    throw invalid(`"${name}" in config must be ASCII characters without white space or quotes around them`);
  }
  return value;
}

/** A project's id selects the API that gets the secret, so one that is damaged must not be taken for a test project. */
function projectId(config: Unchecked): string {
  const id = text(config, "project_id");
  if (config.env || config.custom_base_url || /^project-(test|live)-[\w-]+$/.test(id)) return id;
  throw invalid('"project_id" in config must begin with project-test- or project-live-, unless env or custom_base_url is set');
}

/**
 * A URL that passed. Requests use its parsed origin: the wasm gets nothing to
 * parse again, because two parsers that disagree would send the secret elsewhere.
 */
function urlIn(name: string, value: unknown): URL {
  let parsed: URL;
  try {
    parsed = new URL(value as string);
  } catch {
    throw invalid(`"${name}" in config must be a URL`);
  }
  const local = parsed.protocol === "http:" && LOOPBACK.test(parsed.hostname);
  if (parsed.protocol !== "https:" && !local) {
    throw invalid(`"${name}" in config must use https (http is for loopback hosts only)`);
  }
  if (parsed.username || parsed.password) {
    throw invalid(`"${name}" in config must not hold credentials`);
  }
  return parsed;
}

// What a URL parser makes of a loopback address; names other than localhost could
// be made to point elsewhere.
export const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function timeout(value: unknown): number {
  const milliseconds = value || 30_000;
  if (typeof milliseconds !== "number" || !(milliseconds >= 1 && milliseconds < 2 ** 31)) {
    throw invalid('"timeout" in config must be a number of milliseconds, at least 1 and below 2^31');
  }
  return Math.floor(milliseconds);
}

/** How long keys and policies are used, and how many tokens, and how many bytes of them, are remembered for a project. */
function limitsIn(config: Unchecked): Partial<WasmConfig> {
  const { keys_max_stale_seconds, policy_ttl_seconds, token_cache } = config;
  for (const [name, value] of Object.entries({ keys_max_stale_seconds, policy_ttl_seconds })) {
    const isSeconds = Number.isFinite(value) && value >= 0;
    if (!isSeconds && value !== undefined && value !== null) throw invalid(`"${name}" in config must be a number of at least 0`);
  }
  const cache: Unchecked = picked(Object(token_cache ?? {}) as object, ["max_entries", "max_bytes"]);
  for (const limit of Object.values(cache)) {
    if (!(Number.isInteger(limit) && limit >= 0 && limit < 2 ** 31)) {
      throw invalid('"token_cache" in config must hold whole numbers of at least 0, and below 2^31');
    }
  }
  return { keys_max_stale_seconds, policy_ttl_seconds, ...cache };
}

/** The keys that a client provides, as text. */
function keysIn({ jwks, jwks_pinned }: Unchecked): Pick<WasmConfig, "jwks" | "jwks_pinned"> {
  const is_pinned = flag("jwks_pinned", jwks_pinned);
  if (jwks === undefined && is_pinned) throw invalid('"jwks_pinned" in config needs "jwks"');
  if (jwks === undefined) return {};
  if (!Array.isArray(jwks?.keys)) throw invalid('"jwks" in config must be a JWK set, an object with a list of keys');
  return { jwks: JSON.stringify(jwks), jwks_pinned: is_pinned };
}

function hooksOf({ dispatcher, fetch, wait_until, on_event, store }: Unchecked): Hooks {
  for (const [name, value] of Object.entries({ fetch, wait_until, on_event })) {
    if (value !== undefined && typeof value !== "function") throw invalid(`"${name}" in config must be a function`);
  }
  if (store !== undefined && !(typeof store?.get === "function" && typeof store?.put === "function")) {
    throw invalid('"store" in config must have the functions get and put');
  }
  return { dispatcher, fetch, wait_until, on_event, store } as Hooks;
}

function flag(name: string, value: unknown = false): boolean {
  if (typeof value !== "boolean") throw invalid(`"${name}" in config must be a boolean`);
  return value;
}

function oneOf(name: string, value: unknown, words: string[]): void {
  const listed = words.map((word) => `"${word}"`).join(", ").replace(/, (?="[^"]*"$)/, " or ");
  if (!words.includes(value as string)) throw invalid(`"${name}" in config must be ${listed}`);
}
