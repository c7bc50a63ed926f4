// The size of the wasm memory, which never shrinks.

import { failure, ok, same } from "./assert.js";
import { answering, makeSigner } from "./signer.js";

export default (test) => {
  test("stores only the credentials of requests that wait", async (t) => {
    const release = {};
    const released = new Promise((resolve) => (release.all = resolve));
    const fetch = async () => {
      await released;
      return new Response(JSON.stringify({ status_code: 404, error_type: "session_not_found" }), { status: 404 });
    };
    const client = t.consumer({ ...t.fresh(), fetch, refresh_limits: { unverified_refreshes: Infinity, refused_session_seconds: 0 } });
    const other = "x".repeat(100_000);
    const waiting = (count) =>
      Array.from({ length: count }, () => [
        client.authenticateRequest({ headers: { cookie: `other=${other}; stytch_session=${crypto.randomUUID()}` } }),
        client.idp.authenticateRequest({ headers: { authorization: `Bearer ${other}` } }),
      ]).flat();
    const first = waiting(2);
    const before = t.memory.bytes();
    const all = [...first, ...waiting(200)];
    const grown = t.memory.bytes() - before;
    release.all();
    for (const { status } of await Promise.all(all)) same(status, "unauthenticated");
    ok(grown < 200 * 20_000, `the wasm memory grew by ${grown} bytes`);
  });

  test("does not grow its memory when many tokens replace the remembered ones", async (t) => {
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
    ok(grown <= PAGE, `the wasm memory grew by ${grown} bytes, expected at most one page`);
    ok(filled < MAX_BYTES, `${filled} bytes of wasm memory`);
  });
};

/** 50 % more than the client remembers. The tokens and their parsed claims are 2 MiB. */
const TOKENS = 300;
const KNOWN = 190;
const FILLER = 4_200;

/** The number of new tokens between two checks of all remembered tokens. */
const FEW = 50;

/** Rounds until the allocations reach a steady state. */
const FIRST_ROUNDS = 3;

/** The allocator's use of freed memory depends on earlier allocations, so it may need one more page. */
const PAGE = 64 * 2 ** 10;

/** Rounds over all tokens after the first measurement. */
const ROUNDS = 5;

/** Twice the size of the tokens. */
const MAX_BYTES = 4 * 2 ** 20;
