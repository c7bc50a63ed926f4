// @ts-check
// The users that a search finds, page by page. Knows cursors and nothing of what is
// searched for.

export class UserSearchIterator {
  #users;
  #query;
  #hasNext = true;

  constructor(users, query) {
    this.#users = users;
    this.#query = query;
  }

  /** Fetches the next page; after a failure, the same page again. */
  async next() {
    const { results, results_metadata } = await this.#users.search(this.#query);
    const cursor = results_metadata.next_cursor;
    this.#query = { ...this.#query, cursor };
    this.#hasNext = Boolean(cursor);
    return results;
  }

  hasNext() {
    return this.#hasNext;
  }

  async *[Symbol.asyncIterator]() {
    while (this.#hasNext) yield this.next();
  }
}
