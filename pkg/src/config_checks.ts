// Checks a client's configuration. A constructor must answer at once, and in a browser the wasm is not
// loaded yet, so this is done here.

import { envs } from "./config.js";
import { ClientError, invalid } from "./errors.js";
import type { Hooks } from "./host.js";
import { bare } from "./options.js";
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
  jwks?: string;
  jwks_pinned?: boolean;
  jwks_url?: string;
  isolated?: number;
  keys_max_stale_seconds?: number;
  policy_ttl_seconds?: number;
  max_entries?: number;
  max_bytes?: number;
  remote_fallback?: RemoteFallback;
  cookies?: string;
}

/** Any configuration, read property by property. */
type Unchecked = Record<string, any>;

/** Checks a configuration. The caller's object is only read. */
export function checked(product: string, config: unknown): Checked {
  const [read, needed, unsupported] = KINDS[product] ?? [(given) => project(given), "project_id and secret", []];
  if (typeof config !== "object" || config === null) throw invalid(`a config object with ${needed} is needed`);
  const given: Unchecked = config;
  for (const name of unsupported) {
    if (given[name] !== undefined) {
      throw new ClientError("not_supported", `the option "${name}" is not supported here`);
    }
  }
  const { wasm, cookies } = read(given);
  const whole = Object.assign(bare(), { product, timeout_ms: timeout(given.timeout) }, wasm);
  return { wasm: Object.freeze(whole) as unknown as WasmConfig, hooks: Object.freeze(hooksOf(given)), cookies };
}

/** Options of clients that check tokens. */
const FOR_CHECKS = [
  "jwks",
  "jwks_pinned",
  "jwks_url",
  "isolated",
  "token_cache",
  "store",
  "keys_max_stale_seconds",
  "policy_ttl_seconds",
  "wait_until",
  "on_event",
  "remote_fallback",
  "cookies",
];

/** How each kind of client is read, what its config must have, and what it may not. */
const KINDS: Record<string, [read: (config: Unchecked) => Read, needed: string, unsupported: string[]]> = {
  verifier: [verifier, "project_id", ["policy_ttl_seconds"]],
  saml_shield: [samlShield, "public_token", FOR_CHECKS],
};

/** What is read of each kind of client. */
interface Read {
  wasm: Omit<WasmConfig, "product" | "timeout_ms"> & { product?: string };
  cookies?: CookieOptions | undefined;
}

/** A client without a secret, whose config names the product. */
function verifier(config: Unchecked): Read {
  const { secret, product = "consumer", remote_fallback = "never" } = config;
  if (secret !== undefined) throw invalid('"secret" must not be in the config of a SessionVerifier: it runs where no secret may be');
  if (!["consumer", "b2b"].includes(product)) throw invalid('"product" in config must be "consumer" or "b2b"');
  if (remote_fallback !== "never") throw invalid('"remote_fallback" of a SessionVerifier is "never"');
  const { wasm, cookies } = project(config, "");
  return { wasm: { ...wasm, product, remote_fallback: "never" }, cookies };
}

function project(config: Unchecked, secret: string = text(config, "secret")): Read {
  const project_id = projectId(config);
  const env = project_id.startsWith("project-live-") ? envs.live : envs.test;
  const base = config.custom_base_url ? "custom_base_url" : "env";
  const url = urlIn(base, config[base] || env);
  const urls = { base_url: url.href, origin: url.origin, fraud_origin: urlIn("fraud_env", config.fraud_env || envs.fraud).origin };
  const cookies = cookiesIn(config);
  const limits = { ...lifetimesIn(config), ...tokenCache(config.token_cache) };
  const calls = { ...fallbackIn(config), ...(cookies && { cookies: JSON.stringify(cookies) }) };
  return { wasm: { project_id, secret, ...urls, ...keysIn(config), ...isolatedIn(config), ...limits, ...calls }, cookies };
}

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

function lifetimesIn(config: Unchecked): Pick<WasmConfig, "keys_max_stale_seconds" | "policy_ttl_seconds"> {
  const found: Pick<WasmConfig, "keys_max_stale_seconds" | "policy_ttl_seconds"> = {};
  for (const name of ["keys_max_stale_seconds", "policy_ttl_seconds"] as const) {
    const value = config[name] ?? undefined;
    if (value === undefined) continue;
    if (!(Number.isFinite(value) && value >= 0)) throw invalid(`"${name}" in config must be a number of at least 0`);
    found[name] = value;
  }
  return found;
}

/** Where a client's keys come from, if not from the API: the set as text, a URL. */
function keysIn({ jwks, jwks_pinned = false, jwks_url }: Unchecked): Pick<WasmConfig, "jwks" | "jwks_pinned" | "jwks_url"> {
  const url = jwks_url === undefined ? {} : { jwks_url: urlIn("jwks_url", jwks_url).href };
  if (typeof jwks_pinned !== "boolean") throw invalid('"jwks_pinned" in config must be a boolean');
  if (jwks === undefined) {
    if (jwks_pinned) throw invalid('"jwks_pinned" in config needs "jwks"');
    return url;
  }
  if (!Array.isArray(jwks?.keys)) throw invalid('"jwks" in config must be a JWK set, an object with a list of keys');
  return { ...url, jwks: JSON.stringify(jwks), jwks_pinned };
}

/** A number of its own for each client that shares no state. */
function isolatedIn({ isolated = false }: Unchecked): { isolated?: number } {
  if (typeof isolated !== "boolean") throw invalid('"isolated" in config must be a boolean');
  return isolated ? { isolated: (lastIsolated += 1) } : {};
}

let lastIsolated = 0;

/** How many tokens, and how many bytes of them, may be remembered for a project. */
function tokenCache(value: Unchecked | null | undefined): { max_entries?: number; max_bytes?: number } {
  const found: { max_entries?: number; max_bytes?: number } = {};
  for (const name of ["max_entries", "max_bytes"] as const) {
    const limit = value?.[name];
    if (limit === undefined) continue;
    if (!(Number.isInteger(limit) && limit >= 0 && limit < 2 ** 31)) {
      throw invalid('"token_cache" in config must hold whole numbers of at least 0, and below 2^31');
    }
    found[name] = limit;
  }
  return found;
}

function hooksOf(config: Unchecked): Hooks {
  const { dispatcher, store } = config;
  const hooks: Hooks = { dispatcher };
  for (const name of ["fetch", "wait_until", "on_event"] as const) {
    hooks[name] = config[name];
    if (hooks[name] !== undefined && typeof hooks[name] !== "function") {
      throw invalid(`"${name}" in config must be a function`);
    }
  }
  if (store !== undefined && !(typeof store?.get === "function" && typeof store?.put === "function")) {
    throw invalid('"store" in config must have the functions get and put');
  }
  return { ...hooks, store };
}

function fallbackIn({ remote_fallback }: Unchecked): { remote_fallback?: RemoteFallback } {
  if (remote_fallback === undefined) return {};
  if (!["always", "stale", "never"].includes(remote_fallback)) {
    throw invalid('"remote_fallback" in config must be "always", "stale" or "never"');
  }
  return { remote_fallback };
}

/** The options of cookies. The wasm checks their names and attributes. */
function cookiesIn({ cookies }: Unchecked): CookieOptions | undefined {
  if (cookies === undefined) return undefined;
  if (typeof cookies !== "object" || cookies === null) throw invalid('"cookies" in config must be an object');
  return Object.freeze(cookieOptions('"cookies" in config', cookies)) as CookieOptions;
}
