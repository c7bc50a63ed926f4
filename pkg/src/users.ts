// The users that a search finds, page by page. Knows cursors; does not know what is
// searched for.

import type { Core } from "./core.js";
import type { User, UsersSearchRequest, UsersSearchResponse } from "./generated/consumer_types.js";
import { consumerUsersSearch } from "./generated/rows.js";

/** Goes through the users that a search finds, page by page. */
export function searchAll(core: Core, data: UsersSearchRequest): UserSearchPages {
  return new UserSearchPages((query) => core.call(consumerUsersSearch, query), data);
}

/** Iterates over pages of users. */
export class UserSearchPages {
  #search: (query: UsersSearchRequest) => Promise<UsersSearchResponse>;
  #query: UsersSearchRequest;
  #hasNext = true;

  /** @internal */
  constructor(search: (query: UsersSearchRequest) => Promise<UsersSearchResponse>, query: UsersSearchRequest) {
    this.#search = search;
    this.#query = query;
  }

  /** Fetches the next page; after a failure, the same page again. */
  async next(): Promise<User[]> {
    const { results, results_metadata } = await this.#search(this.#query);
    const cursor = results_metadata.next_cursor;
    this.#query = { ...this.#query, cursor } as UsersSearchRequest;
    this.#hasNext = Boolean(cursor);
    return results;
  }

  hasNext(): boolean {
    return this.#hasNext;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<User[]> {
    while (this.#hasNext) yield this.next();
  }
}
