// The requests that every guarded server of the matrix gets: a good token, a bad one, and an
// expired one together with a good session token. Logs in through the emulator's own HTTP
// interface, not through the package.

import { randomUUID } from "node:crypto";

import { matches, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";

/** Those requests, for servers that are guarded by a project of this emulator. */
export class Visits {
  constructor(ready) {
    this.emulator = new Emulator(ready);
  }

  /**
   * Fails unless the server at `url` answers all three as a guarded server does. `send` requests
   * a URL with headers, and returns `{ status, body, cookies }`; `fetch` does it if not given.
   */
  async check(url, send = byFetch) {
    const good = await send(url, { Authorization: `Bearer ${await this.emulator.token()}` });
    same(good.status, 200, `the status for a good token, with the body ${good.body}`);
    matches(good.body, USER);

    const [header, payload] = (await this.emulator.token()).split(".");
    const [, , otherSignature] = (await this.expired()).split(".");
    for (const [what, token] of Object.entries({ garbage: "garbage", forged: [header, payload, otherSignature].join(".") })) {
      const bad = await send(url, { Authorization: `Bearer ${token}` });
      same(bad.status, 401, `the status for a token that is ${what}, with the body ${bad.body}`);
    }

    const { session_token, user_id } = await this.logIn();
    const refreshed = await send(url, {
      Cookie: `stytch_session=${session_token}; stytch_session_jwt=${await this.expired()}`,
    });
    same(refreshed.status, 200, `the status for an expired token with a session token, with the body ${refreshed.body}`);
    matches(refreshed.body, new RegExp(user_id));
    const set = refreshed.cookies.filter((line) => /^[^=]+=[^;]/.test(line));
    const cookies = set.map((line) => line.replace(/=.*/s, "")).sort();
    same(cookies.join(), "stytch_session,stytch_session_jwt", "the cookies that are set");
  }

  /** A user who has just logged in by a link, with a session of an hour. */
  async logIn() {
    const email = `ada.${randomUUID()}@example.com`;
    await this.#call("magic_links/email/login_or_create", { email });
    const token = await this.emulator.tokenFor(email);
    return this.#call("magic_links/authenticate", { token, session_duration_minutes: 60 });
  }

  /** A session JWT that has expired. */
  expired() {
    const now = Math.floor(Date.now() / 1000);
    return this.emulator.token({ claims: { iat: now - 400, nbf: now - 400, exp: now - 100 } });
  }

  async #call(path, body) {
    const { project_id, secret } = this.emulator.consumer;
    const answer = await fetch(`${this.emulator.url}/v1/${path}`, {
      method: "POST",
      headers: { Authorization: `Basic ${btoa(`${project_id}:${secret}`)}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const json = await answer.json();
    same(answer.status, 200, `${path}: ${JSON.stringify(json)}`);
    return json;
  }
}

async function byFetch(url, headers) {
  const answer = await fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(LIMIT_MS) });
  return { status: answer.status, body: await answer.text(), cookies: answer.headers.getSetCookie() };
}

const USER = /user-test-/;
const LIMIT_MS = 30_000;
