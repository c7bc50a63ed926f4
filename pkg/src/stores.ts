// Stores that isolates share keys and policies through: three that are ready to use, and how
// any store is called, so that none delays a call or makes one fail. What a store
// contains, and whether it counts, is decided in src/client/store.rs.

import type { Store } from "./config.js";
import type { Host } from "./config_checks.js";
import { behind } from "./engine.js";

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
 * A store as the wasm calls it: two functions that neither throw nor hang.
 * @internal
 */
export interface Shelf {
  recall(key: string): Promise<string | undefined>;
  keep(key: string, entry: string): Promise<unknown> | undefined;
}

interface Failed {
  type: "store_failed";
  operation: "get" | "put";
  error: unknown;
}

/**
 * What the wasm gets of a client's store.
 * @internal
 */
export function shelfOf({ store, wait_until }: Host, ttl_seconds: number, tell: (event: Failed) => unknown): Partial<Shelf> {
  if (!store) return {};
  // The hook is not awaited: it may take as long as the store that failed.
  const told = (operation: Failed["operation"], error: unknown) => void tell({ type: "store_failed", operation, error });
  return {
    async recall(key) {
      // The store is the caller's own code, which must not run inside the wasm.
      await undefined;
      try {
        const text: unknown = await inTime(store.get(key));
        if (text === null || text === undefined) return undefined;
        if (typeof text !== "string") throw new TypeError("the store returned something that is not a string");
        return text.length <= MAX_ENTRY_LENGTH ? text : undefined;
      } catch (error) {
        return told("get", error);
      }
    },
    keep(key, entry) {
      if (entry.length > MAX_ENTRY_LENGTH) return undefined;
      const put = async () => {
        await undefined;
        await store.put(key, entry, { ttl_seconds });
      };
      const task = put().catch((error: unknown) => told("put", error));
      // If nothing can continue in the background, the call waits a little.
      return behind(task, wait_until) && inTime(task).catch((error: unknown) => told("put", error));
    },
  };
}

/** What `promise` brings, unless it takes too long. */
function inTime<Result>(promise: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the store took too long")), LONGEST_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Stores count in whole seconds; one that keeps an entry longer does no harm, because the entry states its age. */
const whole = (seconds: number) => Math.max(1, Math.min(Math.ceil(seconds), 2 ** 31 - 1));

/** How long a store may take, in milliseconds. */
const LONGEST_MS = 250;

/** As MAX_ENTRY_BYTES in src/client/store.rs; a longer text is not copied into the wasm. */
const MAX_ENTRY_LENGTH = 2 ** 18;
