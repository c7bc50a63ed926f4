// So many calls of every kind that V8 optimizes their code, with failures that cause V8 to deoptimize it.

import { Client } from "stytch-edge";

let status = 200;
globalThis.fetch = async () => {
  if (status === 0) throw new TypeError("fetch failed");
  const body = status === 200 ? { status_code: 200, results: [], results_metadata: {} } : { status_code: status, error_type: "user_not_found" };
  return Response.json(body, { status });
};
const client = new Client({ project_id: "project-test-11111111", secret: "secret-test-11111111" });
const cookie = `stytch_session=${"a".repeat(43)}`;
const calls = [
  () => client.users.get({ user_id: "user-test-1" }),
  () => client.authenticateRequest({ headers: { cookie } }),
  () => client.sessions.authenticateJwtLocal({ session_jwt: "a.b.c" }),
];
let made = 0;

/** Runs the calls concurrently, `times` times, while the API responds with the status `next` (0: no response). */
async function call(several, next, times) {
  status = next;
  for (let time = 0; time < times; time += 1) {
    await Promise.allSettled(several.map((one) => one()));
    made += several.length;
  }
}

for (let round = 0; round < 20; round += 1) {
  await call(calls.slice(0, 1), 200, 2_000);
  await call(calls.slice(0, 1), 0, 5);
}
for (let round = 0; round < 5; round += 1) {
  await call(calls, 200, 1_000);
  for (const next of [0, 404, 200, 500, 0]) await call(calls, next, 100);
}
console.log(`${made} calls`);
