// Headers of great length. An attacker can send them, and each request must cost little time and no memory.

import { deepSame, ok, same } from "./assert.js";
import { answering, makeSigner } from "./signer.js";

/** A client whose keys are available, and a session JWT of its project. */
async function ready(t) {
  const { jwk, sign } = await makeSigner();
  const client = t.consumer({ ...t.fresh(), fetch: answering(JSON.stringify({ keys: [jwk] })) });
  const { project_id } = t.emulator.consumer;
  const now = Math.floor(Date.now() / 1000);
  const claims = { aud: [project_id], iss: `stytch.com/${project_id}`, iat: now - 10, exp: now + 300, "https://stytch.com/session": { id: "session-test-1" } };
  const session_jwt = await sign(JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid }), JSON.stringify(claims));
  await client.loadKeys();
  return { client, session_jwt };
}

/** Headers of 128 KiB, and what each contains. */
const LENGTH = 2 ** 17;
const filled = (text, part) => text + part.repeat((LENGTH - text.length) / part.length);
const HEADERS = [
  ["Authorization", filled("Bearer", " "), "no_credentials"],
  ["Authorization", `${filled("Bearer", " ")} a.b`, "no_credentials"],
  ["Authorization", filled("Bearer", "\t"), "no_credentials"],
  ["Authorization", filled("Bearer ", ","), "too_long"],
  ["Authorization", filled("Bearer ", "a."), "too_long"],
  ["Authorization", filled("", " "), "no_credentials"],
  ["Authorization", filled("Bearer ", "Bearer "), "too_long"],
  ["Cookie", filled("", " "), "no_credentials"],
  ["Cookie", filled("", ";"), "no_credentials"],
  ["Cookie", filled("", "="), "no_credentials"],
  ["Cookie", filled("", "a=b;"), "no_credentials"],
  ["Cookie", filled("", "a=b; "), "no_credentials"],
  ["Cookie", filled("stytch_session_jwt=", " "), "no_credentials"],
  ["Cookie", filled("stytch_session_jwt=", '"'), "too_long"],
  ["Cookie", filled("stytch_session_jwt=", ","), "too_long"],
  ["Cookie", filled("", "stytch_session_jwt=a;"), "malformed"],
  ["Cookie", filled("", "stytch_session_jwt=;"), "no_credentials"],
  ["Cookie", filled("a=b;", "é"), "malformed"],
  ["Cookie", filled("", "a=b;") + "c", "malformed"],
];

export default (test) => {
  test("reads headers of 128 KiB in a time that grows with their length only", async (t) => {
    const { client } = await ready(t);
    const started = Date.now();
    for (const [name, value, reason] of HEADERS) {
      let reads = 0;
      const get = (asked) => (asked.toLowerCase() === name.toLowerCase() ? ((reads += 1), value) : null);
      const what = `${name}: ${value.slice(0, 40)}…`;
      deepSame([(await client.authenticateRequest({ headers: { get } })).reason, reads], [reason, 1], what);
      if (name !== "Authorization") continue;
      for (const its of [client.idp, client.m2m]) same((await its.authenticateRequest({ headers: { get } })).reason, reason, what);
    }
    ok(Date.now() - started < 3_000, `${Date.now() - started} ms`);
  });

  test("refuses longer headers without reading them, and keeps no memory for them", async (t) => {
    const { client, session_jwt } = await ready(t);
    const long = " ".repeat(4_000_000);
    const size = t.memory.bytes();
    for (const [name, value, reason] of [
      ["authorization", `Bearer${long}${session_jwt}`, "no_credentials"],
      ["authorization", `Bearer ${session_jwt}${long}`, undefined],
      ["cookie", `stytch_session_jwt=${session_jwt};${long}`, "malformed"],
    ]) {
      same((await client.authenticateRequest({ headers: { [name]: value } })).reason, reason, name);
    }
    same(t.memory.bytes(), size, "bytes of memory");
  });
};
