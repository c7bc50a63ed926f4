// Stores that isolates share keys and policies through: three that are ready to use, and how any store is called. What a
// store contains, whether it counts and how long it may take is decided in src/client/store.rs and src/flow/loads.rs.

import type { Store } from "./config.js";

/** What is used of a `Cache`. */
export interface CacheLike {
  match(url: string): Promise<{ text(): Promise<string> } | undefined>;
  put(url: string, response: any): Promise<void>;
}

/** What is used of a `KVNamespace`. */
export interface KvNamespaceLike {
  get(key: string, type: "text"): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
}

/** What is used of a `Deno.Kv`. */
export interface DenoKvLike {
  get(key: string[]): Promise<{ value: unknown }>;
  set(key: string[], value: string, options: { expireIn: number }): Promise<unknown>;
}

/**
 * A store in the Cache API: in `cache`, else in the runtime's default one. Shared by data
 * centre on Cloudflare, by machine elsewhere.
 */
export function cacheStore(cache?: CacheLike): Store {
  const fixed: CacheLike | undefined = cache ?? globalThis.caches?.default;
  const url = (key: string) => `https://stytch-edge.invalid/${encodeURIComponent(key)}`;
  const opened = (): CacheLike | Promise<CacheLike> => fixed ?? globalThis.caches.open("stytch-edge");
  return {
    async get(key) {
      const answer = await (await opened()).match(url(key));
      return answer ? answer.text() : null;
    },
    async put(key, value, { ttl_seconds }) {
      const headers = { "Cache-Control": `max-age=${whole(ttl_seconds)}` };
      await (await opened()).put(url(key), new Response(value, { headers }));
    },
  };
}

/** A store in a namespace of Cloudflare KV, which keeps nothing for less than a minute. */
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
 * What a store has under a key. The store is the caller's own code, which must not run inside the wasm.
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
 * Has a store keep a text.
 * @internal
 */
export async function textTo(store: Store, key: string, text: string, ttl_seconds: number): Promise<void> {
  await undefined;
  await store.put(key, text, { ttl_seconds });
}

/** Stores count in whole seconds; one that keeps an entry longer does no harm, because the entry states its age. */
const whole = (seconds: number) => Math.max(1, Math.min(Math.ceil(seconds), 2 ** 31 - 1));

/** As MAX_ENTRY_BYTES in src/client/store.rs; a longer text is not copied into the wasm. */
const MAX_ENTRY_LENGTH = 2 ** 18;
