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

/** Throws `"<name>" in config must <rule>` unless a value was accepted. */
function must(name: string, accepted: boolean, rule: string): asserts accepted {
  if (!accepted) throw invalid(`"${name}" in config must ${rule}`);
}

/** What accepts the value of an option that is set. The options that are not here are checked where they are used. */
type Rule = readonly [name: string, accepts: (value: any) => boolean, rule: string];

const isFunction = (value: unknown) => typeof value === "function";

const isFlag = (value: unknown) => typeof value === "boolean";

const isSeconds = (value: any) => value === null || (Number.isFinite(value) && value >= 0);

const isTimeout = (value: any) => !value || (typeof value === "number" && value >= 1 && value < 2 ** 31);

const RULES: readonly Rule[] = [
  ["timeout", isTimeout, "be a number of milliseconds, at least 1 and below 2^31"],
  ["jwks", (value) => Array.isArray(value?.keys), "be a JWK set, an object with a list of keys"],
  ["jwks_pinned", isFlag, "be a boolean"],
  ["isolated", isFlag, "be a boolean"],
  ["keys_max_stale_seconds", isSeconds, "be a number of at least 0"],
  ["policy_ttl_seconds", isSeconds, "be a number of at least 0"],
  ["remote_fallback", (value) => ["always", "stale", "never"].includes(value as string), 'be "always", "stale" or "never"'],
  ["cookies", (value) => typeof value === "object" && value !== null, "be an object"],
  ["fetch", isFunction, "be a function"],
  ["wait_until", isFunction, "be a function"],
  ["on_event", isFunction, "be a function"],
  ["store", (value) => isFunction(value?.get) && isFunction(value?.put), "have the functions get and put"],
];

/** How each kind of client is read, what its config must have, and what it may not. */
const KINDS: Record<string, [read: (config: Unchecked) => Partial<WasmConfig>, needed: string, unsupported: string[]]> = {
  verifier: [verifier, "project_id", ["policy_ttl_seconds"]],
  saml_shield: [samlShield, "public_token", FOR_CHECKS],
};

/** Checks a configuration. The caller's object is only read, each option once. */
export function checked(product: string, config: unknown): Checked {
  const [read, needed, unsupported] = KINDS[product] ?? [(given) => project(given), "project_id and secret", []];
  if (typeof config !== "object" || config === null) throw invalid(`a config object with ${needed} is needed`);
  const given: Unchecked = picked(config, FOR_ALL);
  const refused = unsupported.find((name) => given[name] !== undefined);
  if (refused) throw new ClientError("not_supported", `the option "${refused}" is not supported here`);
  for (const [name, accepts, rule] of RULES) must(name, given[name] === undefined || accepts(given[name]), rule);
  const cookies = given.cookies && Object.freeze(cookieOptions('"cookies" in config', given.cookies));
  const common = { product, timeout_ms: Math.floor(given.timeout || 30_000), cookies: cookies && JSON.stringify(cookies) };
  const wasm = Object.freeze(Object.assign(bare(), common, read(given))) as unknown as WasmConfig;
  const { dispatcher, fetch, wait_until, on_event, store } = given;
  return { wasm, hooks: Object.freeze({ dispatcher, fetch, wait_until, on_event, store }), cookies };
}

/** A client without a secret, whose config names the product. */
function verifier(config: Unchecked): Partial<WasmConfig> {
  const { secret, product = "consumer", remote_fallback = "never" } = config;
  if (secret !== undefined) throw invalid('"secret" must not be in the config of a SessionVerifier: it runs where no secret may be');
  if (remote_fallback !== "never") throw invalid('"remote_fallback" of a SessionVerifier is "never"');
  must("product", ["consumer", "b2b"].includes(product as string), 'be "consumer" or "b2b"');
  return { ...project(config, ""), product, remote_fallback };
}

function project(config: Unchecked, secret: string = text(config, "secret")): Partial<WasmConfig> {
  const project_id = text(config, "project_id");
  // It selects the API that gets the secret, so one that is damaged must not be taken for a test project.
  const selects = config.env || config.custom_base_url || /^project-(test|live)-[\w-]+$/.test(project_id);
  must("project_id", Boolean(selects), "begin with project-test- or project-live-, unless env or custom_base_url is set");
  const { jwks, jwks_pinned = false, jwks_url, keys_max_stale_seconds, policy_ttl_seconds, remote_fallback } = config;
  if (jwks_pinned && !jwks) throw invalid('"jwks_pinned" in config needs "jwks"');
  const env = project_id.startsWith("project-live-") ? envs.live : envs.test;
  const base = config.custom_base_url ? "custom_base_url" : "env";
  const { href, origin } = urlIn(base, config[base] || env);
  return {
    ...{ project_id, secret, base_url: href, origin, fraud_origin: urlIn("fraud_env", config.fraud_env || envs.fraud).origin },
    ...{ jwks_pinned, keys_max_stale_seconds, policy_ttl_seconds, remote_fallback, ...limitsIn(config.token_cache) },
    jwks: jwks && JSON.stringify(jwks),
    jwks_url: jwks_url === undefined ? undefined : urlIn("jwks_url", jwks_url).href,
    // A number of its own for each client that shares no state.
    isolated: config.isolated ? (lastIsolated += 1) : undefined,
  };
}

let lastIsolated = 0;

/** SAML Shield has a host of its own, and a public token in place of project and secret. */
function samlShield(config: Unchecked): Partial<WasmConfig> {
  const secret = text(config, "public_token");
  const { href, origin } = urlIn("custom_base_url", config.custom_base_url || "https://api.samlshield.com/");
  return { product: "consumer", project_id: "", secret, base_url: href, origin, fraud_origin: origin };
}

/** An id or a secret. White space and quotes around it come from the way it was copied. */
function text(config: Unchecked, name: string): string {
  const value: unknown = config[name];
  if (value === undefined || value === null || value === "") throw invalid(`Missing "${name}" in config`);
  must(name, typeof value === "string", "be a string");
  const isBare = /^[!-~]+$/.test(value) && !/^["'`]|["'`]$/.test(value);
  must(name, isBare, "be ASCII characters without white space or quotes around them");
  return value;
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
  const isLocal = parsed.protocol === "http:" && LOOPBACK.test(parsed.hostname);
  must(name, parsed.protocol === "https:" || isLocal, "use https (http is for loopback hosts only)");
  must(name, !parsed.username && !parsed.password, "not hold credentials");
  return parsed;
}

// What a URL parser makes of a loopback address; names other than localhost could
// be made to point elsewhere.
export const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** How many tokens, and how many bytes of them, are remembered for a project. */
function limitsIn(token_cache: unknown): Pick<WasmConfig, "max_entries" | "max_bytes"> {
  const limits = picked(Object(token_cache ?? {}) as object, ["max_entries", "max_bytes"]) as Record<string, number>;
  const areCounts = Object.values(limits).every((limit) => Number.isInteger(limit) && limit >= 0 && limit < 2 ** 31);
  must("token_cache", areCounts, "hold whole numbers of at least 0, and below 2^31");
  return limits;
}
