// Faults: how each kind appears to a caller of the emulator's `fetch`, and to a client.

import { deepSame, failure, matches, ok, same } from "../conformance/assert.js";

export function faultTests({ createEmulator, Client, runtime }) {
  /** Calls `GET /v1/debug/whoami` with one fault. */
  const faulty = async (fault, init) => {
    const stytch = await createEmulator({ seed: "faults" });
    stytch.faults.add({ path_prefix: "/v1/debug", times: 1, ...fault });
    return stytch.fetch("https://test.stytch.com/v1/debug/whoami", init);
  };
  const digits = { text: "0123456789" };
  const aborted = async (fault, what) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 30);
    const error = await failure(async () => (await faulty(fault, { signal: controller.signal })).text(), what);
    // Chromium wraps the reason that ended a body.
    ok(error === reason || (runtime === "chromium" && error instanceof TypeError), `${what}: ${error}`);
  };
  return {
    "rejects with a TypeError if the connection is closed or reset": async () => {
      for (const fault of [{ kind: "close" }, { kind: "reset" }, { kind: "partial_head" }, { kind: "partial_head", end: "close" }]) {
        const error = await failure(() => faulty(fault), fault.kind);
        ok(error instanceof TypeError && error.cause instanceof Error, `${fault.kind}: ${error}`);
      }
    },
    "hangs until the signal is aborted": async () => {
      await aborted({ kind: "hang" }, "hang");
      await aborted({ kind: "partial_head", end: "hang" }, "partial_head");
      await aborted({ kind: "hang_body" }, "hang_body");
      await aborted({ kind: "partial_body", end: "hang" }, "partial_body");
      await aborted({ kind: "slow", delay_ms: 60_000 }, "slow");
      await aborted({ kind: "slow_body", delay_ms: 60_000 }, "slow_body");
      await aborted({ kind: "endless_body", delay_ms: 5, chunk_bytes: 10 }, "endless_body");
    },
    "delivers a part of a body, then fails": async () => {
      for (const [fault, part] of [[{ ...digits, kind: "partial_body", bytes: 3 }, "012"], [{ ...digits, kind: "partial_body", end: "reset", delay_ms: 5 }, "01234"]]) {
        const response = await faulty(fault);
        deepSame([response.status, response.headers.get("content-length")], [200, "10"]);
        const reader = response.body.getReader();
        const { value } = await reader.read();
        same(new TextDecoder().decode(value), part);
        ok((await failure(() => reader.read())) instanceof TypeError, "the body ends with a TypeError");
      }
    },
    "delivers slow, short and compressed bodies": async () => {
      const slow = Date.now();
      same(await (await faulty({ ...digits, kind: "slow_body", delay_ms: 20, chunk_bytes: 4 })).text(), "0123456789");
      const late = Date.now();
      same((await faulty({ kind: "slow", delay_ms: 50, status: 503 })).status, 503);
      ok(late - slow >= 50 && Date.now() - late >= 45, "both take their time");
      const short = await faulty({ ...digits, kind: "short_length", bytes: 4 });
      deepSame([short.headers.get("content-length"), await short.text()], ["4", "0123"]);
      const compressed = await faulty({ ...digits, kind: "large_body", bytes: 100_000, gzip: true });
      const text = await compressed.text();
      deepSame([text.length, text.trim()], [100_000, "0123456789"]);
    },
    "an endless body ends when the caller cancels its reader, or after max_bytes": async () => {
      const response = await faulty({ ...digits, kind: "endless_body", chunk_bytes: 100 });
      const reader = response.body.getReader();
      same(new TextDecoder().decode((await reader.read()).value), "0123456789");
      same((await reader.read()).value.length, 100);
      await reader.cancel();
      const limited = await faulty({ ...digits, kind: "endless_body", chunk_bytes: 3, max_bytes: 14 });
      ok((await failure(() => limited.text())) instanceof TypeError, "it ends within the body");
    },
    "replaces responses": async () => {
      same((await (await faulty({ kind: "status", status: 429 })).json()).status_code, 429);
      deepSame(await (await faulty({ kind: "answer", body: { a: [1] } })).json(), { a: [1] });
      same((await failure(async () => (await faulty({ kind: "garbage" })).json())).name, "SyntaxError");
      const cookies = await faulty({ kind: "answer", text: "", headers: { "set-cookie": ["a=1", "b=2"] } });
      // Pages do not see cookies of responses.
      deepSame(cookies.headers.getSetCookie(), runtime === "chromium" ? [] : ["a=1", "b=2"]);
    },
    "applies a sequence, lists and clears faults": async () => {
      const stytch = await createEmulator();
      stytch.faults.add({ path_prefix: "/v1/debug", sequence: [{ kind: "status", status: 503 }, { kind: "none" }, { kind: "status", status: 429, times: 2 }] });
      const statuses = [];
      const whoami = async () => (await stytch.fetch("https://test.stytch.com/v1/debug/whoami", { headers: basic(stytch) })).status;
      for (let call = 0; call < 3; call += 1) statuses.push(await whoami());
      deepSame(statuses, [503, 200, 429]);
      deepSame(stytch.faults.list().map(({ kind, times }) => [kind, times]), [["status", 1]]);
      stytch.faults.clear();
      deepSame(stytch.faults.list(), []);
      same(await whoami(), 200);
      const error = await failure(() => stytch.faults.add({ kind: "sluggish" }));
      same(error.code, "refused");
      matches(error.message, /kind must be hang/);
    },
    "reaches a client as a failure of the network": async () => {
      const stytch = await createEmulator();
      const client = new Client({ ...stytch.consumer });
      stytch.faults.add({ kind: "reset" });
      const error = await failure(() => client.users.create({ email: "ada@example.com" }));
      same(error.name, "RequestError");
    },
  };
}

function basic({ consumer: { project_id, secret } }) {
  return { Authorization: `Basic ${btoa(`${project_id}:${secret}`)}` };
}
