// The check of every guarded server of the matrix: requests with a valid token, with invalid ones,
// and with an expired one and a valid session token. Log-ins use the emulator's HTTP interface, and
// not the package.

import { randomUUID } from "node:crypto";

import { matches, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";

/** Checks servers that accept sessions of this emulator's project. */
export class GuardChecks {
  constructor(ready) {
    this.emulator = new Emulator(ready);
  }

  /**
   * Fails unless the server at `url` responds like a guarded server. `send` requests a URL with
   * headers, and returns `{ status, body, cookies }`. Default: a request with `fetch`.
   */
  async check(url, send = byFetch) {
    const good = await send(url, { Authorization: `Bearer ${await this.emulator.token()}` });
    same(good.status, 200, `the status for a valid token, with the body ${good.body}`);
    matches(good.body, USER);

    const [header, payload] = (await this.emulator.token()).split(".");
    const [, , otherSignature] = (await this.expired()).split(".");
    for (const [what, token] of Object.entries({ malformed: "garbage", forged: [header, payload, otherSignature].join(".") })) {
      const bad = await send(url, { Authorization: `Bearer ${token}` });
      same(bad.status, 401, `the status for a ${what} token, with the body ${bad.body}`);
    }

    const { session_token, session_jwt, user_id } = await this.logIn();
    const refreshed = await send(url, {
      Cookie: `stytch_session=${session_token}; stytch_session_jwt=${await this.expired(session_jwt)}`,
    });
    same(refreshed.status, 200, `the status for an expired token with a session token, with the body ${refreshed.body}`);
    matches(refreshed.body, new RegExp(user_id));
    const set = refreshed.cookies.filter((line) => /^[^=]+=[^;]/.test(line));
    const cookies = set.map((line) => line.replace(/=.*/s, "")).sort();
    same(cookies.join(), "stytch_session,stytch_session_jwt", "the set cookies");
  }

  /** Logs a new user in with a magic link. The session lasts one hour. */
  async logIn() {
    const email = `ada.${randomUUID()}@example.com`;
    await call(this.emulator, "consumer", "magic_links/email/login_or_create", { email });
    const token = await this.emulator.tokenFor(email);
    return call(this.emulator, "consumer", "magic_links/authenticate", { token, session_duration_minutes: 60 });
  }

  /** An expired session JWT: of the session of this JWT, or without one, of a session that the API does not know. */
  expired(session_jwt) {
    const ofSession = session_jwt ? JSON.parse(atob(session_jwt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))) : {};
    const now = Math.floor(Date.now() / 1000);
    return this.emulator.token({ claims: { ...ofSession, iat: now - 400, nbf: now - 400, exp: now - 100 } });
  }
}

/** Calls the emulator, and not the package. */
export async function call(emulator, product, path, body, method = "POST") {
  const { project_id, secret } = emulator[product];
  const answer = await fetch(`${emulator.url}/v1/${product === "b2b" ? "b2b/" : ""}${path}`, {
    method,
    headers: { Authorization: `Basic ${btoa(`${project_id}:${secret}`)}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const json = await answer.json();
  same(answer.status, 200, `${path}: ${JSON.stringify(json)}`);
  return json;
}

async function byFetch(url, headers) {
  const answer = await fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(LIMIT_MS) });
  return { status: answer.status, body: await answer.text(), cookies: answer.headers.getSetCookie() };
}

const USER = /user-test-/;
const LIMIT_MS = 30_000;
