// How much memory the wasm has: it never gives any back. Measured in an instance of its
// own, which has seen nothing else.

import { failure, ok, same } from "./assert.js";
import { answering, makeSigner } from "./signer.js";

export default (test) => {
  test("keeps of requests that wait no more than their credentials", async (t) => {
    const release = {};
    const released = new Promise((resolve) => (release.all = resolve));
    const fetch = async () => {
      await released;
      return new Response(JSON.stringify({ status_code: 404, error_type: "session_not_found" }), { status: 404 });
    };
    const client = t.consumer({ ...t.fresh(), fetch });
    const other = "x".repeat(100_000);
    const waiting = (count) =>
      Array.from({ length: count }, () => [
        client.authenticateRequest({ headers: { cookie: `other=${other}; stytch_session=a-session-token` } }),
        client.idp.authenticateRequest({ headers: { authorization: `Bearer ${other}` } }),
      ]).flat();
    const first = waiting(2);
    const before = t.memory.bytes();
    const all = [...first, ...waiting(200)];
    const grown = t.memory.bytes() - before;
    release.all();
    for (const { status } of await Promise.all(all)) same(status, "unauthenticated");
    ok(grown < 200 * 20_000, `${grown} bytes more of wasm memory`);
  });

  test("has the same memory after many times as many tokens as it remembers as after the first of them", async (t) => {
    const { jwk, sign } = await makeSigner();
    const config = { ...t.fresh(), fetch: answering(JSON.stringify({ keys: [jwk] })) };
    const { project_id } = t.emulator.consumer;
    const token = (number) => {
      const claims = {
        aud: [project_id],
        iss: `stytch.com/${project_id}`,
        exp: Math.floor(Date.now() / 1000) + 300,
        "https://stytch.com/session": { id: `session-test-${number}` },
        filler: "x".repeat(FILLER + (number % 7) * 100),
      };
      return sign(JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid }), JSON.stringify(claims));
    };
    const tokens = await Promise.all(Array.from({ length: TOKENS }, (_, number) => token(number)));
    const check = async (number) => {
      const { sessions } = t.consumer(config);
      const { session_id } = await sessions.authenticateJwtLocal({ session_jwt: tokens[number] });
      same(session_id, `session-test-${number}`, "session_id");
    };
    t.memory.trapOnceIn("authenticate_jwt_local");
    same((await failure(() => check(0))).code, "internal");
    await check(0);
    const all = async () => {
      for (let number = 0; number < TOKENS; number += 1) {
        await check(number);
        if (number % FEW) continue;
        for (let again = Math.max(0, number - KNOWN); again < number; again += 1) await check(again);
      }
    };
    for (let round = 0; round < FIRST_ROUNDS; round += 1) await all();
    const filled = t.memory.bytes();
    for (let round = 0; round < ROUNDS; round += 1) await all();
    const grown = t.memory.bytes() - filled;
    ok(grown <= PAGE, `${grown} bytes more of wasm memory, and at most a page is expected`);
    ok(filled < MAX_BYTES, `${filled} bytes of wasm memory`);
  });
};

/** Half as many again as are remembered: with what is read from them, they are 2 MiB. */
const TOKENS = 300;
const KNOWN = 190;
const FILLER = 4_200;

/** How many are new between two looks at all that are known. */
const FEW = 50;

/** Until what comes and goes has found its places. */
const FIRST_ROUNDS = 3;

/** Where the allocator puts what is freed depends on what was there before: it may take a page once. */
const PAGE = 64 * 2 ** 10;

/** How often all of them come again. */
const ROUNDS = 5;

/** The tokens, and as much again for all else. */
const MAX_BYTES = 4 * 2 ** 20;
