// Checks a client's configuration. A constructor reports errors immediately, and in a browser the wasm is not loaded yet,
// so these checks are in TypeScript. Only the options of cookies are checked by the wasm.

import { envs, type WaitUntil } from "./config.js";
import { ClientError, invalid } from "./errors.js";
import { CONFIG, STRICT, type ConfigRule } from "./generated/options.js";
import type { Hooks } from "./host.js";
import { bare, exactly, found, isPresent, read, refuseUnknown, typeOf } from "./options.js";
import type { RemoteFallback } from "./verdicts.js";

/** A checked configuration: the part for the wasm, and the caller's own code. */
export interface Checked {
  wasm: WasmConfig;
  hooks: Hooks;
}

/** The configuration as npm/src/settings.rs reads it. It has no prototype, because JSON would call a `toJSON` of `Object.prototype`. */
export interface WasmConfig {
  product: string;
  project_id: string;
  secret: string;
  base_url: string;
  origin: string;
  fraud_origin: string;
  jwks?: string | undefined;
  jwks_pinned?: boolean | undefined;
  jwks_url?: string | undefined;
  isolated?: number | undefined;
  public_token?: string | undefined;
  remote_fallback?: RemoteFallback | undefined;
  cookies?: string | undefined;
  /** The options that are numbers. */
  [option: string]: unknown;
}

/** A configuration whose options have the right types. */
type Given = Record<string, any>;

/** The names of options, by the option that is their object, or an empty text. */
const NAMES = bare() as Record<string, string[]>;
for (const [name, { in: of = "" }] of Object.entries(CONFIG)) (NAMES[of] ??= []).push(name);

/** How each kind of client reads its configuration, and which options are required. Default: a client of a project. */
const KINDS: Record<string, [read: (config: Given) => Partial<WasmConfig>, required: string]> = {
  verifier: [verifier, "project_id"],
  saml_shield: [samlShield, "public_token"],
};

/** Throws `"<name>" in config must <rule>` unless a value is accepted. */
function must(name: string, accepted: boolean, rule: string): asserts accepted {
  if (!accepted) throw invalid(`"${name}" in config must ${rule}`);
}

/** Checks a configuration. Each option of the caller's object is read once. */
export function checked(product: string, config: unknown): Checked {
  const [readKind, required] = KINDS[product] ?? [project, "project_id and secret"];
  if (typeof config !== "object" || config === null) {
    throw invalid(`the configuration must be an object with ${required}, but is of type ${typeOf(config)}`);
  }
  const given: Given = bare();
  refuseUnknown(config, NAMES[""]!, "in config");
  for (const [name, rule] of Object.entries(CONFIG)) {
    const object: object = rule.in ? Object(given[rule.in] ?? {}) : config;
    const value: unknown = read(object, name);
    const isLost = value === undefined && STRICT.includes(name) && isPresent(object, name);
    // As in npm `stytch`, a timeout of 0 is the default.
    if (!isLost && (value === undefined || (name === "timeout" && !value))) continue;
    if (rule.unsupported_by?.includes(product)) throw new ClientError("not_supported", `the option "${name}" is not supported here`);
    if (rule.type) must(rule.in ? `${rule.in}.${name}` : name, isAccepted(value, rule), `be ${rule.accepted}`);
    if (NAMES[name]) refuseUnknown(Object(value ?? {}) as object, NAMES[name], `of ${name} in config`);
    given[name] = value;
  }
  const { dispatcher, fetch, wait_until, on_event, on_request, on_response, on_retry, on_verdict, store, cookies } = given;
  must("store", !store || [store.get, store.put].every((method) => typeof method === "function"), `be ${CONFIG.store!.accepted}`);
  const numbers = Object.fromEntries(Object.entries(given).filter(([name]) => CONFIG[name]!.type === "number"));
  const common = { product, ...numbers, cookies: cookies && JSON.stringify(exactly("cookies", cookies)) };
  const wasm = Object.freeze(Object.assign(bare(), common, readKind(given))) as unknown as WasmConfig;
  return { wasm, hooks: Object.freeze({ dispatcher, own_fetch: fetch, wait_until, on_event, on_request, on_response, on_retry, on_verdict, store, project_id: wasm.project_id }) };
}

/** The options of one call, as the core uses them. */
export interface Call {
  signal?: AbortSignal | undefined;
  wait_until?: WaitUntil | undefined;
  limits?: Partial<WasmConfig> | undefined;
}

/** The options of one call. Each option of the caller's object is read once. */
export function callOptions(options: unknown): Call {
  if (options === undefined || options === null) return NO_OPTIONS;
  const [signal, wait_until] = ["signal", "wait_until"].map((name) => read(options, name) ?? undefined) as [AbortSignal?, WaitUntil?];
  if (signal && !isSignal(signal)) throw invalid("signal must be an AbortSignal");
  if (wait_until && typeof wait_until !== "function") throw invalid("wait_until must be a function");
  const limits = found(options, ["timeout", "retries"]);
  for (const [name, value] of Object.entries(limits ?? {})) {
    if (!isAccepted(value, CONFIG[name]!)) throw invalid(`${name} must be ${CONFIG[name]!.accepted}`);
    delete limits![name];
    // The wasm distinguishes the timeout of a call from the client's.
    if (value !== null) limits![name === "timeout" ? "call_timeout" : name] = value;
  }
  return { signal, wait_until, limits };
}

const NO_OPTIONS: Call = Object.freeze(bare());

const isSignal = (it: AbortSignal): boolean =>
  typeof it.aborted === "boolean" && [it.addEventListener, it.removeEventListener].every((method) => typeof method === "function");

function isAccepted(value: any, { type, at_least, below, whole, one_of = [value] }: ConfigRule): boolean {
  if (type !== "number") return value !== null && typeof value === type && one_of.includes(value);
  return value === null || (typeof value === type && value >= at_least! && !(value >= below!) && !(whole && value % 1 > 0));
}

/** A client without a secret, whose configuration names the product. */
function verifier(config: Given): Partial<WasmConfig> {
  const { secret, product = "consumer", remote_fallback = "never" } = config;
  if (secret !== undefined) throw invalid('"secret" must not be in the config of a SessionVerifier: it runs where a secret is not safe');
  must("remote_fallback", remote_fallback === "never", 'be "never" for a SessionVerifier');
  must("product", ["consumer", "b2b"].includes(product), 'be "consumer" or "b2b"');
  return { ...project(config, ""), product, remote_fallback };
}

function project(config: Given, secret: string = text(config, "secret")): Partial<WasmConfig> {
  const project_id = text(config, "project_id");
  // It selects the API that receives the secret, so a damaged id must not count as that of a test project.
  const selects = config.env || config.custom_base_url || /^project-(test|live)-[\w-]+$/.test(project_id);
  must("project_id", Boolean(selects), "begin with project-test- or project-live-, unless env or custom_base_url is set");
  const { jwks, jwks_pinned = false, jwks_url, remote_fallback } = config;
  const keys: unknown = jwks && JSON.stringify(jwks);
  must("jwks", jwks === undefined || (Array.isArray(jwks.keys) && typeof keys === "string"), `be ${CONFIG.jwks!.accepted}`);
  must("jwks", Boolean(jwks) || !jwks_pinned, "be set if jwks_pinned is true");
  const env = project_id.startsWith("project-live-") ? envs.live : envs.test;
  const base = config.custom_base_url ? "custom_base_url" : "env";
  const { href, origin } = urlIn(base, config[base] || env);
  return {
    ...{ project_id, secret, base_url: href, origin, fraud_origin: urlIn("fraud_env", config.fraud_env || envs.fraud).origin },
    ...{ jwks_pinned, remote_fallback, jwks: keys as string | undefined },
    public_token: config.public_token === undefined ? undefined : text(config, "public_token"),
    jwks_url: jwks_url === undefined ? undefined : urlIn("jwks_url", jwks_url).href,
    // Each client that shares no state has a number of its own.
    isolated: config.isolated ? (lastIsolated += 1) : undefined,
  };
}

let lastIsolated = 0;

/** SAML Shield has a host of its own, and a public token instead of a project and a secret. */
function samlShield(config: Given): Partial<WasmConfig> {
  const secret = text(config, "public_token");
  const { href, origin } = urlIn("custom_base_url", config.custom_base_url || "https://api.samlshield.com/");
  return { product: "consumer", project_id: "", secret, base_url: href, origin, fraud_origin: origin };
}

/** An id or a secret. White space and quotes around it are mistakes of copying. */
function text(config: Given, name: string): string {
  const value: unknown = config[name];
  if (value === undefined || value === null || value === "") throw invalid(`"${name}" in config is required`);
  must(name, typeof value === "string", "be a string");
  const isBare = /^[!-~]+$/.test(value) && !/^["'`]|["'`]$/.test(value);
  must(name, isBare, "be ASCII characters without white space or quotes around them");
  return value;
}

/**
 * A URL that is accepted. Requests use its parsed origin: the wasm does not parse a URL again, because two parsers that
 * disagree would send the secret to another host.
 */
function urlIn(name: string, value: unknown): URL {
  let parsed: URL;
  try {
    parsed = new URL(value as string);
  } catch {
    throw invalid(`"${name}" in config must be a URL`);
  }
  const isLocal = parsed.protocol === "http:" && LOOPBACK.test(parsed.hostname);
  must(name, parsed.protocol === "https:" || isLocal, "use https; http is accepted for loopback hosts only");
  must(name, !parsed.username && !parsed.password, "not contain a user or a password");
  return parsed;
}

// Loopback hosts as a URL parser writes them. Another name than localhost could resolve to another address.
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
