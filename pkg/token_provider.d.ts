// The function that `m2m.tokenProvider` makes.

/**
 * Gives an access token that is good now: the one that it has, or a new one when that
 * is about to expire. Safe to call from many places at once. The token belongs to the
 * isolate: providers with the same credentials and scopes have the same one, so that it
 * does not matter whether one is made for every request.
 *
 * While a token is still good, a new one that cannot be had is no error: the old one is
 * given, and asked for again ten seconds later at the earliest.
 *
 * @throws {StytchError} when the API refuses the credentials or a scope.
 * @throws {RequestError} when no usable answer arrives in time.
 */
export interface TokenProvider {
  (): Promise<string>;
  /**
   * Forgets the token, for when a service refuses it though it has not expired. With a
   * token, only if it is the one that is kept: of many callers who were refused at the
   * same time, one has it renewed.
   */
  forget(token?: string): void;
}
