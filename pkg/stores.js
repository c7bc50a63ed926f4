// @ts-check
// Stores that isolates share keys and policies through: three that are ready, and how
// any of them is asked, so that none holds up a call or makes one fail. What stands in a
// store, and whether it counts, is the wasm's business (src/client/store.rs).

import { behind } from "./engine.js";

/** A store in a cache of the Cache API: by data centre on Cloudflare, by machine elsewhere. */
export function cacheStore(cache = globalThis.caches?.default) {
  const url = (key) => `https://stytch-edge.invalid/${encodeURIComponent(key)}`;
  const opened = () => cache ?? globalThis.caches.open("stytch-edge");
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
export function kvStore(namespace) {
  return {
    get: (key) => namespace.get(key, "text"),
    put: (key, value, { ttl_seconds }) =>
      namespace.put(key, value, { expirationTtl: Math.max(60, whole(ttl_seconds)) }),
  };
}

/** A store in Deno KV. */
export function denoKvStore(kv) {
  return {
    get: async (key) => (await kv.get(["stytch-edge", key])).value,
    async put(key, value, { ttl_seconds }) {
      await kv.set(["stytch-edge", key], value, { expireIn: whole(ttl_seconds) * 1000 });
    },
  };
}

/** What the wasm gets of a client's store: two functions that neither throw nor hang. */
export function shelfOf({ store, wait_until }, ttl_seconds, tell) {
  if (!store) return {};
  // Nobody waits for the hook: it may take as long as the store that failed.
  const told = (operation, error) => void tell({ type: "store_failed", operation, error });
  return {
    async recall(key) {
      // The store is the caller's own code, which shall not run inside the wasm.
      await undefined;
      try {
        const text = await inTime(store.get(key));
        if (text === null || text === undefined) return undefined;
        if (typeof text !== "string") throw new TypeError("the store gave something that is no string");
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
      const task = put().catch((error) => told("put", error));
      // Where nothing goes on behind a call, it waits a little.
      return behind(task, wait_until) && inTime(task).catch((error) => told("put", error));
    },
  };
}

/** What `promise` brings, unless it takes too long. */
function inTime(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("the store took too long")), LONGEST_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Stores count in whole seconds; one that keeps an entry longer does no harm, because it says how old it is. */
const whole = (seconds) => Math.max(1, Math.min(Math.ceil(seconds), 2 ** 31 - 1));

/** How long a store may take, in milliseconds. */
const LONGEST_MS = 250;

/** As MAX_ENTRY_BYTES in src/client/store.rs; a longer text is not copied into the wasm. */
const MAX_ENTRY_LENGTH = 2 ** 18;
