// M2M access tokens, kept until shortly before they expire. They belong to
// the isolate and not to a client object, because people build a client for every
// request. Does not read tokens: how long one lasts, the API's response says.

import { canShare } from "./engine.js";
import { RequestError, invalid } from "./errors.js";

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

/** The response of the token endpoint, as far as it is used. */
interface Issued {
  access_token?: unknown;
  expires_in?: unknown;
}

/**
 * A client's part of a provider.
 * @internal
 */
export interface TokenSource {
  /** Stands for the client's project and its state. */
  owner: string;
  /** The token endpoint, for errors. */
  url: string;
  /** Whether callers may await each other's requests. */
  isShared: boolean;
  /** Requests a new token. */
  fetchToken(data: { client_id: string; client_secret: string; scopes: string[] }): Promise<Issued>;
}

/** A token and its times, in milliseconds. */
interface Kept {
  access_token?: string | undefined;
  began: number;
  fresh_until: number;
  good_until: number;
  tried: number;
  pending?: Promise<string> | undefined;
}

/**
 * Makes a provider from the arguments of `m2m.tokenProvider`.
 * @internal
 */
export function tokenProvider(params: object | undefined, { owner, url, isShared, fetchToken }: TokenSource): TokenProvider {
  const given: Record<string, any> = params ?? {};
  const { client_id, client_secret, scopes = [], refresh_ahead_seconds = 60 } = given;
  for (const text of [client_id, client_secret]) {
    if (!text || typeof text !== "string") throw invalid("client_id and client_secret must be strings");
  }
  if (!Array.isArray(scopes) || scopes.some((scope) => typeof scope !== "string")) {
    throw invalid("scopes must be a list of strings");
  }
  if (!(typeof refresh_ahead_seconds === "number" && refresh_ahead_seconds >= 0)) {
    throw invalid("refresh_ahead_seconds must be a number of at least 0");
  }
  // A copy: the caller may change its list later.
  const data = { client_id, client_secret, scopes: [...scopes] };
  const name = JSON.stringify([owner, client_id, client_secret, data.scopes]);
  // If callers may not await each other's requests, those of this provider await its own.
  const own: { pending?: Promise<string> | undefined } | undefined = isShared ? undefined : {};

  async function renew(kept: Kept): Promise<string> {
    const began = Date.now();
    const { access_token, expires_in } = await fetchToken(data);
    if (!access_token || typeof access_token !== "string") {
      const message = `the request to ${url} was answered without an access token`;
      throw new RequestError(message, { method: "POST", url }, "api_unavailable");
    }
    const life = (expires_in as number) > 0 ? (expires_in as number) * 1000 : 0;
    // Half of its life at most, or a short one would be requested by every call.
    const fresh_until = began + life - Math.min(refresh_ahead_seconds * 1000, life / 2);
    // Of two that were requested at the same time the later one counts.
    if (!(isGood(kept) && kept.began > began)) {
      Object.assign(kept, { access_token, began, fresh_until, good_until: began + life, tried: 0 });
    }
    return access_token;
  }

  async function provide(): Promise<string> {
    const [kept, now] = [keptFor(name), Date.now()];
    const old = isGood(kept) ? kept.access_token : undefined;
    if (old && (now < kept.fresh_until || now - kept.tried < RETRY_AFTER_MS)) return old;
    kept.tried = now;
    try {
      if (!canShare()) return await renew(kept);
      const waiting = own ?? kept;
      return await (waiting.pending ??= renew(kept).finally(() => (waiting.pending = undefined)));
    } catch (error) {
      if (old && old === kept.access_token && isGood(kept)) return old;
      throw error;
    }
  }

  provide.forget = (token?: string) => {
    const kept = kepts.get(name);
    if (kept && (token === undefined || token === kept.access_token)) kept.access_token = undefined;
  };
  return provide;
}

/**
 * Forgets the tokens that were issued for a client's project.
 * @internal
 */
export function forgetTokens(owner: string): void {
  for (const [name, kept] of kepts) if (JSON.parse(name)[0] === owner) kept.access_token = undefined;
}

/** Whether there is a token that is valid now. After the clock went back, none is. */
function isGood({ access_token, began, good_until }: Kept): boolean {
  const now = Date.now();
  return access_token !== undefined && began <= now && now < good_until;
}

function keptFor(name: string): Kept {
  const kept = kepts.get(name) ?? { began: 0, fresh_until: 0, good_until: 0, tried: 0 };
  kepts.delete(name);
  kepts.set(name, kept);
  if (kepts.size > MAX_KEPT) kepts.delete(kepts.keys().next().value!);
  return kept;
}

/** The least recently used are dropped. */
const kepts = new Map<string, Kept>();
const MAX_KEPT = 256;

/** Meanwhile other callers get the old token, so that an API that is down gets few requests. */
const RETRY_AFTER_MS = 10_000;
