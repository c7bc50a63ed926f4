// The users that a search finds, page by page. Knows cursors; does not know what is
// searched for.

import type { User, UsersSearchRequest, UsersSearchResponse } from "./generated/consumer_types.js";

interface Searchable {
  search(data: UsersSearchRequest): Promise<UsersSearchResponse>;
}

/** Iterates over pages of users. */
export class UserSearchPages {
  #users: Searchable;
  #query: UsersSearchRequest;
  #hasNext = true;

  constructor(users: Searchable, query: UsersSearchRequest) {
    this.#users = users;
    this.#query = query;
  }

  /** Fetches the next page; after a failure, the same page again. */
  async next(): Promise<User[]> {
    const { results, results_metadata } = await this.#users.search(this.#query);
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
