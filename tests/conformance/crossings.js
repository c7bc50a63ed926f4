// The number of crossings between JavaScript and wasm per call, in both directions. Each crossing costs time, and many
// crossings indicate that values are converted property by property.

import { ok, same } from "./assert.js";
import { answering, makeSigner } from "./signer.js";

export default (test) => {
  test("crosses between JavaScript and wasm a few times per call, with a new client for each call", async (t) => {
    const { jwk, sign } = await makeSigner();
    const config = { ...t.fresh(), fetch: answering(JSON.stringify({ keys: [jwk] })) };
    const { project_id } = t.emulator.consumer;
    const now = Math.floor(Date.now() / 1000);
    const session = { "https://stytch.com/session": { id: "session-test-1" } };
    const claims = { aud: [project_id], iss: `stytch.com/${project_id}`, exp: now + 300, ...session };
    const session_jwt = await sign(JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid }), JSON.stringify(claims));
    const request = { headers: new Headers({ Cookie: `a=b; stytch_session_jwt=${session_jwt}` }) };
    const verdict = async (options) => same((await t.consumer(config).authenticateRequest(request, options)).status, "authenticated");
    const crossings = async (call) => {
      const before = t.memory.crossings();
      await call();
      return t.memory.crossings() - before;
    };
    await verdict();
    for (const [most, call] of [
      [12, () => verdict()],
      [12, () => verdict({ clock_tolerance_seconds: 5, required_claims: { aud: true } })],
      [10, () => t.consumer(config).sessions.authenticateJwtLocal({ session_jwt })],
      [10, () => t.consumer(config).sessions.authenticateJwtLocalSync({ session_jwt })],
    ]) {
      const found = await crossings(call);
      ok(found <= most, `${found} crossings, expected at most ${most}: ${call}`);
    }
    t.consumer(config).reset();
    const found = await crossings(() => verdict());
    ok(found > 12 && found <= 66, `${found} crossings in a call that fetches keys`);
  });
};
