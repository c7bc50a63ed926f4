// Counts the responses to honest and hostile requests, and keeps examples of wrong ones.

import { isForgery } from "./hostile.mjs";
import { read } from "./tokens.mjs";

/** The results of a run so far. */
export class Findings {
  #counts = {};
  #examples = {};

  /** `isExact`: the request had a JWT whose key the server has. `when` is the phase in which it was sent, if the phase has not ended. */
  honest({ user, form, isLocal, when }, answer) {
    const cleared = user.receive(answer);
    const isServed = answer.status === 200;
    this.#check("signed_out", answer.status !== 401 && answer.status !== 403 && cleared.length === 0, () => [form, when, answer, cleared]);
    if (isLocal) this.#check("local", isServed, () => [form, when, answer]);
    if (form.startsWith("expired") && when === "flood") this.#check("expired_in_flood", isServed, () => [form, when, answer]);
    this.#check("right_user", usersOf(answer).every((id) => id === user.user_id), () => [form, when, answer]);
    this.#answered(answer, when);
  }

  hostile({ kind, allowed, aborted }, answer, when) {
    const isGood = usersOf(answer).every((id) => allowed.includes(id));
    this.#check(isForgery(kind) ? "forged" : "right_user", isGood, () => [kind, when, answer]);
    if (!aborted) this.#answered(answer, when);
  }

  /** The number of responses of a kind, and of wrong ones among them. */
  of(kind) {
    return this.#counts[kind] ?? { all: 0, wrong: 0 };
  }

  /** The first wrong responses of each kind, as text. */
  get examples() {
    return Object.entries(this.#examples).flatMap(([kind, list]) => list.map((example) => `${kind}: ${example}`));
  }

  /** Every request has a response that the server chose. Runtimes refuse long headers themselves, with 400 or 431. */
  #answered(answer, when) {
    this.#check("answered", [200, 400, 401, 403, 431, 503].includes(answer.status), () => [when, answer]);
  }

  #check(kind, isGood, describe) {
    const counts = (this.#counts[kind] ??= { all: 0, wrong: 0 });
    counts.all += 1;
    if (isGood) return;
    counts.wrong += 1;
    const examples = (this.#examples[kind] ??= []);
    if (examples.length < MOST_EXAMPLES) examples.push(JSON.stringify(describe()).slice(0, 400));
  }
}

/** The ids of the users of a response: in the body of a guarded handler, and in the cookies. */
function usersOf({ status, body, cookies }) {
  const jwts = cookies.map((line) => /^stytch_session_jwt=([^;]+)/.exec(line)?.[1]).filter(Boolean);
  const ids = jwts.map((jwt) => read(jwt).claims.sub);
  return status === 200 ? [JSON.parse(body).user_id, ...ids] : ids;
}

const MOST_EXAMPLES = 3;
