// @ts-check
// Checks a client's configuration. This is the one decision that JavaScript makes:
// a constructor must answer at once, and in a browser the wasm is not there yet.

import { ClientError } from "./errors.js";

export const envs = Object.freeze({
  test: "https://test.stytch.com/",
  live: "https://api.stytch.com/",
  fraud: "https://telemetry.stytch.com/",
});

/**
 * The configuration as the wasm wants it, and what belongs to the runtime. The
 * caller's object is only read.
 */
export function checked(product, config) {
  const [read, needed, others] = KINDS[product] ?? KINDS.project;
  if (typeof config !== "object" || config === null) throw invalid(`a config object with ${needed} is needed`);
  for (const name of others) {
    if (config[name] !== undefined) {
      throw new ClientError("not_supported", `the option "${name}" is not supported here`);
    }
  }
  return {
    wasm: Object.freeze({
      product,
      ...read(config, product),
      timeout_ms: timeout(config.timeout),
    }),
    host: Object.freeze(hostOf(config)),
    usual: Object.freeze(usualVisits(config)),
  };
}

/** Project id and secret from a Worker's env, `process.env` or `Deno.env`. */
export function credentialsFrom(env) {
  const source = env ?? globalThis.Deno?.env ?? globalThis.process?.env ?? {};
  // In Deno, reading process.env.get would ask for one more variable's permission.
  const asks = source !== globalThis.process?.env && typeof source.get === "function";
  const read = (name) => (asks ? source.get(name) : source[name]);
  const found = { project_id: read("STYTCH_PROJECT_ID"), secret: read("STYTCH_SECRET") };
  for (const [field, name] of [["project_id", "STYTCH_PROJECT_ID"], ["secret", "STYTCH_SECRET"]]) {
    if (!found[field]) throw invalid(`Missing "${field}": ${name} is not set in the environment`);
  }
  return found;
}

/** What only clients have that check tokens. */
const FOR_CHECKS = [
  "jwks",
  "jwks_pinned",
  "jwks_url",
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
const KINDS = {
  project: [project, "project_id and secret", []],
  verifier: [verifier, "project_id", ["policy_ttl_seconds"]],
  saml_shield: [samlShield, "public_token", FOR_CHECKS],
};

/** A client without a secret, which says itself which product it is for. */
function verifier(config) {
  const { secret, product = "consumer", remote_fallback = "never" } = config;
  if (secret !== undefined) throw invalid("a SessionVerifier takes no secret, because it stands where none may be");
  if (!["consumer", "b2b"].includes(product)) throw invalid('"product" in config must be "consumer" or "b2b"');
  if (remote_fallback !== "never") throw invalid('"remote_fallback" of a SessionVerifier is "never"');
  return { ...project(config, product, ""), product };
}

function project(config, product, secret = text(config, "secret")) {
  const project_id = text(config, "project_id");
  const env = project_id.startsWith("project-live-") ? envs.live : envs.test;
  const base = config.custom_base_url ? "custom_base_url" : "env";
  const url = urlIn(base, config[base] || env);
  const fraud_origin = urlIn("fraud_env", config.fraud_env || envs.fraud).origin;
  const keys = keysIn(config);
  const scope = [product, project_id, url.href];
  // Nobody's own keys judge for others, and what comes from the API does for all.
  const source = Object.keys(keys).length ? numberOf(JSON.stringify([...scope, keys])) : 0;
  const max_stale_seconds = seconds(config, "keys_max_stale_seconds", 86_400);
  const policy_ttl = seconds(config, "policy_ttl_seconds", 300);
  const conditions = [source, max_stale_seconds, policy_ttl, ...tokenCache(config.token_cache)];
  const place = numberOf(JSON.stringify([...scope, conditions]));
  const urls = { base_url: url.href, origin: url.origin, fraud_origin };
  // The wasm reads the numbers by their places.
  return { project_id, secret, ...urls, ...keys, place, conditions: [place, ...conditions], max_stale_seconds };
}

/** SAML Shield has a host of its own, and a public token in place of project and secret. */
function samlShield(config) {
  const secret = text(config, "public_token");
  const { href, origin } = urlIn("custom_base_url", config.custom_base_url || "https://api.samlshield.com/");
  return { project_id: "", secret, base_url: href, origin, fraud_origin: origin };
}

function text(config, name) {
  const value = config[name];
  if (value === undefined || value === null || value === "") throw invalid(`Missing "${name}" in config`);
  if (typeof value !== "string") throw invalid(`"${name}" in config must be a string`);
  return value;
}

/**
 * A URL that passed. Requests go by its parsed origin: the wasm is given nothing to
 * parse again, because two parsers that disagree would send the secret elsewhere.
 */
function urlIn(name, value) {
  let parsed;
  try {
    parsed = new URL(value);
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

function timeout(value) {
  const milliseconds = value || 30_000;
  if (typeof milliseconds !== "number" || !(milliseconds >= 1 && milliseconds < 2 ** 31)) {
    throw invalid('"timeout" in config must be a number of milliseconds, at least 1 and below 2^31');
  }
  return Math.floor(milliseconds);
}

function seconds(config, name, usual) {
  const value = config[name] ?? usual;
  if (!(Number.isFinite(value) && value >= 0)) throw invalid(`"${name}" in config must be a number of at least 0`);
  return value;
}

/** Where a client's keys come from, if not from the API: the set as text, a URL. */
function keysIn({ jwks, jwks_pinned = false, jwks_url }) {
  const url = jwks_url === undefined ? {} : { jwks_url: urlIn("jwks_url", jwks_url).href };
  if (typeof jwks_pinned !== "boolean") throw invalid('"jwks_pinned" in config must be a boolean');
  if (jwks === undefined) {
    if (jwks_pinned) throw invalid('"jwks_pinned" in config needs "jwks"');
    return url;
  }
  if (!Array.isArray(jwks?.keys)) throw invalid('"jwks" in config must be a JWK set, an object with a list of keys');
  return { ...url, jwks: JSON.stringify(jwks), jwks_pinned };
}

/**
 * A number that stands for a project and what its client wants of it. The wasm is told
 * once what it stands for, and then by it.
 */
function numberOf(known) {
  const number = numbers.get(known) ?? (lastNumber += 1);
  numbers.delete(known);
  numbers.set(known, number);
  if (numbers.size > MAX_NUMBERS) numbers.delete(numbers.keys().next().value);
  return number;
}

/** The least recently used are dropped, and would get other numbers. */
const numbers = new Map();
const MAX_NUMBERS = 1_000;
let lastNumber = 0;

/** How many tokens, and how many bytes of them, may be remembered for a project. */
function tokenCache(value) {
  const { max_entries = 1_000, max_bytes = 2 ** 21 } = value ?? {};
  for (const limit of [max_entries, max_bytes]) {
    if (!(Number.isInteger(limit) && limit >= 0 && limit < 2 ** 31)) {
      throw invalid('"token_cache" in config must hold whole numbers of at least 0, and below 2^31');
    }
  }
  return [max_entries, max_bytes];
}

/** What belongs to the runtime or to the caller's own code. */
function hostOf(config) {
  const { dispatcher, store } = config;
  const host = { dispatcher };
  for (const name of ["fetch", "wait_until", "on_event"]) {
    host[name] = config[name];
    if (host[name] !== undefined && typeof host[name] !== "function") {
      throw invalid(`"${name}" in config must be a function`);
    }
  }
  if (store !== undefined && !(typeof store?.get === "function" && typeof store?.put === "function")) {
    throw invalid('"store" in config must have the functions get and put');
  }
  return { ...host, store };
}

/** What calls about visits do unless they say otherwise. What cookies may be, the wasm knows. */
function usualVisits({ remote_fallback, cookies }) {
  if (remote_fallback !== undefined && !["always", "stale", "never"].includes(remote_fallback)) {
    throw invalid('"remote_fallback" in config must be "always", "stale" or "never"');
  }
  if (cookies !== undefined && (typeof cookies !== "object" || cookies === null)) {
    throw invalid('"cookies" in config must be an object');
  }
  return { remote_fallback, cookies: cookies && Object.freeze({ ...cookies }) };
}

function invalid(message) {
  return new ClientError("invalid_argument", message);
}
