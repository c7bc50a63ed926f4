// The tests of the package `stytch-emulator` in each runtime: an object from names to functions. They use nothing of a runtime
// but what all of them have. `entries` are the exports of the packages `stytch-emulator` and `stytch-edge`.

import { deepSame, failure, matches, ok, same } from "../conformance/assert.js";
import { faultTests } from "./faults.js";
import { fetchTests } from "./fetch.js";
import { leverTests } from "./levers.js";

/** Runs the suite, and returns its results in the form of the runners. */
export async function run(entries) {
  const results = [];
  for (const [name, body] of Object.entries(tests(entries))) {
    const started = Date.now();
    let problem;
    let more = "";
    try {
      more = (await body()) ?? "";
    } catch (error) {
      problem = `${error?.stack ?? error}`;
    }
    results.push({ name: `${entries.runtime}: ${name}${more}`, problem, ms: Date.now() - started });
  }
  return results;
}

/** The tests: an object from names to functions. */
export function tests(entries) {
  return { ...basicTests(entries), ...leverTests(entries), ...faultTests(entries), ...fetchTests(entries) };
}

/** The number of tests. */
export const EXPECTED = 38;

function basicTests({ createEmulator, EmulatorError, Client, B2BClient }) {
  return {
    "logs a user in by magic link, in this process": async () => {
      const stytch = await createEmulator();
      const client = new Client({ ...stytch.consumer });
      const { session_jwt, session_token } = await logIn(stytch, client);
      const { session_id } = await client.sessions.authenticateJwtLocal({ session_jwt });
      const { session } = await client.sessions.authenticate({ session_token });
      same(session.session_id, session_id);
    },
    "logs a member in by magic link": async () => {
      const stytch = await createEmulator({ seed: "members" });
      const client = new B2BClient({ ...stytch.b2b });
      const { organization } = await client.organizations.create({ organization_name: "Acme", organization_slug: "acme" });
      const { organization_id } = organization;
      await client.organizations.members.create({ organization_id, email_address: "ada@example.com" });
      await client.magicLinks.email.loginOrSignup({ organization_id, email_address: "ada@example.com" });
      const { session_jwt, member_id } = await client.magicLinks.authenticate({ magic_links_token: stytch.outbox.token("ada@example.com") });
      const { member_session } = await client.sessions.authenticateJwt({ session_jwt });
      deepSame([member_session.member_id, member_session.organization_id], [member_id, organization_id]);
    },
    "starts with the users of a seed": async () => {
      const user = { user_id: "user-test-ada", email: "ada@example.com" };
      const stytch = await createEmulator({ seed: { random_seed: 7, consumer: { users: [user] } } });
      const client = new Client({ ...stytch.consumer });
      const found = await client.users.get({ user_id: "user-test-ada" });
      same(found.emails[0].email, "ada@example.com");
    },
    "returns the same bytes for the same seed, clock and calls": async () => {
      const script = async (seed) => {
        const stytch = await createEmulator({ seed, now: () => 1_800_000_000_000 });
        const texts = [JSON.stringify([stytch.consumer, stytch.b2b, stytch.publicTokens])];
        const send = async (path, body) => {
          const { project_id, secret } = stytch.consumer;
          const headers = { Authorization: `Basic ${btoa(`${project_id}:${secret}`)}`, "Content-Type": "application/json" };
          const answer = await stytch.fetch(`https://test.stytch.com/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
          texts.push(await answer.text());
        };
        await send("/magic_links/email/login_or_create", { email: "ada@example.com" });
        await send("/magic_links/authenticate", { token: stytch.outbox.token(), session_duration_minutes: 60 });
        await send("/m2m/clients", { client_name: "a", scopes: ["read:users"] });
        await send("/unknown", {});
        texts.push(stytch.mint(), stytch.mint({ product: "b2b", kind: "m2m" }), (await stytch.keys.rotate()).kid, stytch.mint(), stytch.snapshot());
        return texts;
      };
      const [first, again, other, number] = [await script("a"), await script("a"), await script("b"), await script(1)];
      deepSame(again, first);
      ok(first.every((text, index) => text !== other[index] && text !== number[index]), "another seed returns other bytes");
    },
    "shares nothing between two emulators": async () => {
      const [one, two] = [await createEmulator(), await createEmulator()];
      ok(one.consumer.project_id !== two.consumer.project_id, "random project ids differ");
      ok(one.publicTokens.consumer !== two.publicTokens.consumer, "their public tokens differ");
      await logIn(one, new Client({ ...one.consumer }));
      one.clock.advance(1_000);
      one.faults.add({ kind: "reset" });
      deepSame([two.outbox.list(), two.requests.list()], [[], []]);
      const { session_jwt } = await logIn(two, new Client({ ...two.consumer }));
      // Their keys are those of the process, and their project ids differ.
      const client = new Client({ ...one.consumer });
      one.faults.clear();
      same((await failure(() => client.sessions.authenticateJwtLocal({ session_jwt }))).code, "jwt_invalid");
    },
    "returns fresh state in under 5 ms after the first": async () => {
      await createEmulator();
      const times = [];
      for (let round = 0; round < 20; round += 1) {
        const started = performance.now();
        await createEmulator();
        times.push(performance.now() - started);
      }
      const median = times.sort((a, b) => a - b)[10];
      // workerd's clock stands still. A machine with other work gets more time.
      ok(median < 50, `${median} ms`);
      return ` (median ${median.toFixed(2)} ms)`;
    },
    "refuses unknown options, and options of a wrong type": async () => {
      for (const [options, code, text] of [
        [{ seeds: 1 }, "unknown_option", /unknown createEmulator option "seeds"; known: seed, now, tokens, allow_live/],
        [{ seed: true }, "invalid_option", /"seed" must be a string, a number or an object/],
        [{ seed: [] }, "invalid_option", /"seed" must be/],
        [{ seed: NaN }, "invalid_option", /"seed" must be/],
        [{ now: 5 }, "invalid_option", /"now" must be a function/],
        [{ now: () => "soon" }, "invalid_option", /"now" must return a Date/],
        [{ tokens: "real" }, "invalid_option", /"tokens" must be "emulator-time" or "real-time"/],
        [{ allow_live: "yes" }, "invalid_option", /"allow_live" must be true or false/],
        ["seed", "invalid_option", /options of createEmulator must be an object/],
        [null, "invalid_option", /must be an object/],
        [{ seed: { people: [] } }, "invalid_seed", /people/],
        [{ seed: { consumer: { project_id: "project-live-00000000-0000-4000-8000-000000000000" } } }, "invalid_seed", /consumer\.project_id/],
      ]) {
        const error = await failure(() => createEmulator(options), JSON.stringify(options));
        ok(error instanceof EmulatorError, `${error} is an EmulatorError`);
        deepSame([error.code, error.name], [code, "EmulatorError"], JSON.stringify(options));
        matches(error.message, text);
      }
    },
    "accepts live project ids with allow_live": async () => {
      const project_id = "project-live-00000000-0000-4000-8000-000000000000";
      const b2b = { project_id: "project-live-00000000-0000-4000-8000-000000000001" };
      const secret = "secret-live-0123456789012345678901234567890123456789";
      const seed = { consumer: { project_id, secret }, b2b: { ...b2b, secret } };
      const stytch = await createEmulator({ allow_live: true, seed });
      same(stytch.consumer.project_id, project_id);
      await logIn(stytch, new Client({ ...stytch.consumer }));
    },
    "cannot be used after close": async () => {
      const stytch = await createEmulator();
      const { fetch } = stytch.consumer;
      stytch.close();
      stytch.close();
      same((await failure(() => stytch.mint())).code, "closed");
      same((await failure(() => fetch("https://test.stytch.com/v1/debug/whoami"))).code, "closed");
    },
  };
}

/** Logs a new user in. */
export async function logIn(stytch, client, email = "ada@example.com") {
  await client.magicLinks.email.loginOrCreate({ email });
  return client.magicLinks.authenticate({ token: stytch.outbox.token(email), session_duration_minutes: 60 });
}
