// The result of `m2m.tokenProvider`. Types only.

import type { CallOptions } from "./config.js";

/**
 * Returns a valid access token: the cached token, or a new one if the cached token expires soon. Safe to call
 * concurrently. The cache belongs to the isolate: providers with the same credentials and scopes share a token,
 * so a provider may be created for every request.
 *
 * If the request for a new token fails while the cached token is valid, the cached token is returned, and the
 * next request is sent after 10 seconds at the earliest.
 *
 * @throws {StytchError} when the API refuses the credentials or a scope.
 * @throws {RequestError} when no usable response arrives in time.
 */
export interface TokenProvider {
  (options?: CallOptions): Promise<string>;
  /**
   * Deletes the cached token. Call it if a service refuses a token that has not expired. If a token is passed, it
   * is deleted only if it is the cached token, so that many callers that are refused at the same time cause one
   * renewal.
   */
  forget(token?: string): void;
}
