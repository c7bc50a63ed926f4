// The users that a search finds, page by page. Knows cursors; does not know queries.

import type { CallOptions } from "./config.js";
import type { Core } from "./core.js";
import type { User, UsersSearchRequest, UsersSearchResponse } from "./generated/consumer_types.js";
import { consumerUsersSearch } from "./generated/rows.js";

/** Iterates over pages of users. */
export interface UserSearchPages {
  /** Fetches the next page; after a failure, the same page again. */
  next(): Promise<User[]>;
  hasNext(): boolean;
  [Symbol.asyncIterator](): AsyncGenerator<User[]>;
}

/** Returns the users that a search finds, page by page. */
export function searchAll(core: Core, data: UsersSearchRequest, options?: CallOptions): UserSearchPages {
  let [query, hasNext] = [data, true];
  const next = async () => {
    const { results, results_metadata } = await core.call<UsersSearchResponse>(consumerUsersSearch, query, options);
    const cursor = results_metadata.next_cursor;
    query = { ...query, cursor } as UsersSearchRequest;
    hasNext = Boolean(cursor);
    return results;
  };
  async function* pages() {
    while (hasNext) yield next();
  }
  return { next, hasNext: () => hasNext, [Symbol.asyncIterator]: pages };
}
