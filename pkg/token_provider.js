// @ts-check
// Access tokens of a program, kept until shortly before they expire. They belong to
// the isolate and not to a client object, because people build a client for every
// request. Knows nothing of what a token says: how long it lives, the API's answer tells.

import { canShare } from "./engine.js";
import { ClientError, RequestError } from "./errors.js";

/**
 * A function that gives an access token. `fetchToken` gets a new one from `url` for the
 * project that `place` stands for; `isShared` says whether its callers may wait for
 * each other's.
 */
export function tokenProvider(params, { place, url, isShared, fetchToken }) {
  const { client_id, client_secret, scopes = [], refresh_ahead_seconds = 60 } = params ?? {};
  for (const text of [client_id, client_secret]) {
    if (!text || typeof text !== "string") throw invalid("client_id and client_secret must be strings");
  }
  if (!Array.isArray(scopes) || scopes.some((scope) => typeof scope !== "string")) {
    throw invalid("scopes must be a list of strings");
  }
  if (!(typeof refresh_ahead_seconds === "number" && refresh_ahead_seconds >= 0)) {
    throw invalid("refresh_ahead_seconds must be a number of at least 0");
  }
  // What was given may be changed later; the token is for what it said now.
  const data = { client_id, client_secret, scopes: [...scopes] };
  const name = JSON.stringify([place, client_id, client_secret, data.scopes]);
  // Where callers may not wait for each other's, those of this provider wait for its own.
  const own = isShared ? undefined : {};

  async function renew(kept) {
    const began = Date.now();
    const { access_token, expires_in } = await fetchToken(data);
    if (!access_token || typeof access_token !== "string") {
      const message = `the request to ${url} was answered without an access token`;
      throw new RequestError(message, { method: "POST", url }, "api_unavailable");
    }
    const life = expires_in > 0 ? expires_in * 1000 : 0;
    // Half of its life at most, or a short one would be asked for at every call.
    const fresh_until = began + life - Math.min(refresh_ahead_seconds * 1000, life / 2);
    // Of two that were asked for at the same time the later one counts.
    if (!(isGood(kept) && kept.began > began)) {
      Object.assign(kept, { access_token, began, fresh_until, good_until: began + life, tried: 0 });
    }
    return access_token;
  }

  async function provide() {
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

  provide.forget = (token) => {
    const kept = kepts.get(name);
    if (kept && (token === undefined || token === kept.access_token)) kept.access_token = undefined;
  };
  return provide;
}

/** Whether there is a token that counts now. To a clock that went back none does. */
function isGood({ access_token, began, good_until }) {
  const now = Date.now();
  return access_token !== undefined && began <= now && now < good_until;
}

function keptFor(name) {
  const kept = kepts.get(name) ?? { tried: 0 };
  kepts.delete(name);
  kepts.set(name, kept);
  if (kepts.size > MAX_KEPT) kepts.delete(kepts.keys().next().value);
  return kept;
}

/** The least recently used are dropped. */
const kepts = new Map();
const MAX_KEPT = 256;

/** Meanwhile whoever else asks gets the old token, and an API that is down is left alone. */
const RETRY_AFTER_MS = 10_000;

function invalid(message) {
  return new ClientError("invalid_argument", message);
}
