// What `m2m.tokenProvider` returns. Types only.

/**
 * Returns an access token that is valid now: the kept one, or a new one when that
 * is about to expire. Safe to call concurrently. The token belongs to the
 * isolate: providers with the same credentials and scopes have the same one, so a provider
 * may be made for every request.
 *
 * While a token is still valid, a failure to get a new one is not an error: the old one is
 * returned, and a new one is requested after 10 seconds at the earliest.
 *
 * @throws {StytchError} when the API refuses the credentials or a scope.
 * @throws {RequestError} when no usable response arrives in time.
 */
export interface TokenProvider {
  (): Promise<string>;
  /**
   * Forgets the token, for when a service refuses it though it has not expired. With a
   * token, only if it is the one that is kept: of many callers that were refused at the
   * same time, one has it renewed.
   */
  forget(token?: string): void;
}
