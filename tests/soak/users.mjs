// Honest users: each has a session that exists, sends its credentials, and keeps the cookies that the server sets.

import { fingerprint, read } from "./tokens.mjs";

/** The credentials of a request, and how often they are sent. The emulator needs much time to sign a JWT, so few are expired. */
const FORMS = Object.entries({ cookies: 10, bearer: 6, expired: 2, "expired bearer": 1 }).flatMap(([form, times]) => Array(times).fill(form));

export class HonestUser {
  #checks;
  #jar;
  #expired;

  /** `login` is the result of a log-in, and `checks` a GuardChecks of the emulator. */
  constructor({ user_id, session_jwt, session_token }, checks) {
    this.user_id = user_id;
    this.#checks = checks;
    this.#jar = { stytch_session_jwt: session_jwt, stytch_session: session_token };
  }

  /** The newest JWT. */
  get session_jwt() {
    return this.#jar.stytch_session_jwt;
  }

  get session_token() {
    return this.#jar.stytch_session;
  }

  /** An expired JWT of the session. */
  async expired(random) {
    // The emulator signs a new one from time to time: after a rotation, with the new key.
    if (!this.#expired || random.below(20) === 0) this.#expired = await this.#checks.expired(this.session_jwt);
    return this.#expired;
  }

  /** The next request: its form, its headers, and the JWT that it has, if any. */
  async next(random, isTokenOnly) {
    const { stytch_session: token } = this.#jar;
    if (isTokenOnly) return { form: "token", headers: { cookie: `stytch_session=${token}` } };
    const form = random.oneOf(FORMS);
    const jwt = form.startsWith("expired") ? await this.expired(random) : this.session_jwt;
    const bearer = { authorization: `Bearer ${jwt}` };
    const cookie = { cookie: `theme=dark; stytch_session=${token}; stytch_session_jwt=${jwt}` };
    return { form, headers: form.endsWith("bearer") ? bearer : cookie, jwt };
  }

  /** Keeps the cookies of a response. Returns the names of the cookies that were cleared. */
  receive({ cookies }) {
    const cleared = [];
    for (const line of cookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (!(name in this.#jar)) continue;
      if (value === "") cleared.push(name);
      else this.#jar[name] = value;
    }
    return cleared;
  }
}

/** The sessions of the JWTs that were sent, by their fingerprints in the request log. */
export class KnownCredentials {
  #sessions = new Map();
  #unknownKeys = new Set();

  add(jwt) {
    const print = fingerprint(jwt);
    if (!this.#sessions.has(print)) this.#sessions.set(print, read(jwt).claims["https://stytch.com/session"].id);
  }

  addUnknownKey(jwt) {
    this.#unknownKeys.add(fingerprint(jwt));
  }

  /** The class of a call of `/sessions/authenticate`, and the session of a call with a verified JWT. */
  classOf(call) {
    const [kind, print] = call.session?.split(" ") ?? [];
    if (kind !== "session_jwt") return { unverified: true };
    if (this.#unknownKeys.has(print)) return { unverified: true, unknownKey: true };
    const session = this.#sessions.get(print);
    return session === undefined ? { unverified: true } : { session };
  }
}
