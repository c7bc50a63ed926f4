// Stores in which isolates share keys and policies, and the calls of a caller's store. The content of a store, its trust
// and its time limit are decided in src/client/store.rs and src/flow/loads.rs.

import type { Store } from "./config.js";

/** The used methods of a `Cache`. */
export interface CacheLike {
  match(url: string): Promise<{ text(): Promise<string> } | undefined>;
  put(url: string, response: any): Promise<void>;
}

/** The used methods of a `KVNamespace`. */
export interface KvNamespaceLike {
  get(key: string, type: "text"): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
}

/** The used methods of a `Deno.Kv`. */
export interface DenoKvLike {
  get(key: string[]): Promise<{ value: unknown }>;
  set(key: string[], value: string, options: { expireIn: number }): Promise<unknown>;
}

/**
 * A store in the Cache API: in `cache`, or else in the runtime's default cache. On Cloudflare, the isolates of a
 * data centre share it; elsewhere, those of a machine.
 */
export function cacheStore(cache?: CacheLike): Store {
  const fixed: CacheLike | undefined = cache ?? globalThis.caches?.default;
  const url = (key: string) => `https://stytch-edge.invalid/${encodeURIComponent(key)}`;
  const opened = (): CacheLike | Promise<CacheLike> => fixed ?? globalThis.caches.open("stytch-edge");
  return {
    async get(key) {
      return (await (await opened()).match(url(key)))?.text() ?? null;
    },
    async put(key, value, { ttl_seconds }) {
      await (await opened()).put(url(key), new Response(value, { headers: { "Cache-Control": `max-age=${whole(ttl_seconds)}` } }));
    },
  };
}

/** A store in a namespace of Cloudflare KV, which keeps each entry for at least a minute. */
export function kvStore(namespace: KvNamespaceLike): Store {
  return {
    get: (key) => namespace.get(key, "text"),
    put: (key, value, { ttl_seconds }) =>
      namespace.put(key, value, { expirationTtl: Math.max(60, whole(ttl_seconds)) }),
  };
}

/** A store in Deno KV. */
export function denoKvStore(kv: DenoKvLike): Store {
  return {
    get: async (key) => (await kv.get(["stytch-edge", key])).value as string | null,
    async put(key, value, { ttl_seconds }) {
      await kv.set(["stytch-edge", key], value, { expireIn: whole(ttl_seconds) * 1000 });
    },
  };
}

/**
 * The text of a key in a store. The store is the caller's own code, which must not run inside the wasm.
 * @internal
 */
export async function textIn(store: Store, key: string): Promise<string | undefined> {
  await undefined;
  const text: unknown = await store.get(key);
  if (text === null || text === undefined) return undefined;
  if (typeof text !== "string") throw new TypeError("the store returned something that is not a string");
  return text.length <= MAX_ENTRY_LENGTH ? text : undefined;
}

/**
 * Stores a text.
 * @internal
 */
export async function textTo(store: Store, key: string, text: string, ttl_seconds: number): Promise<void> {
  await undefined;
  await store.put(key, text, { ttl_seconds });
}

/** Stores count whole seconds. A longer lifetime does no harm, because an entry contains its age. */
const whole = (seconds: number) => Math.max(1, Math.min(Math.ceil(seconds), 2 ** 31 - 1));

/** As MAX_ENTRY_BYTES in src/client/store.rs. A longer text is not copied into the wasm. */
const MAX_ENTRY_LENGTH = 2 ** 18;
