// The emulator's `fetch`: arguments, bodies, redirects, and its installation as the global one.

import { deepSame, failure, ok, same } from "../conformance/assert.js";

export function fetchTests({ createEmulator, runtime }) {
  const URL_ = "https://test.stytch.com/v1/magic_links/email/login_or_create";
  const started = async () => {
    const stytch = await createEmulator({ seed: "fetch" });
    const { project_id, secret } = stytch.consumer;
    const headers = { Authorization: `Basic ${btoa(`${project_id}:${secret}`)}`, "Content-Type": "application/json" };
    return { stytch, headers };
  };
  /** Redirects one call. */
  const redirecting = async (location, redirect) => {
    const { stytch, headers } = await started();
    stytch.faults.add({ kind: "redirect", location, times: 1, path_prefix: "/v1/debug" });
    return { stytch, call: () => stytch.fetch("https://test.stytch.com/v1/debug/whoami", { headers, redirect }) };
  };
  return {
    "accepts every kind of body": async () => {
      const { stytch, headers } = await started();
      const text = JSON.stringify({ email: "ada@example.com" });
      const bytes = new TextEncoder().encode(text);
      for (const body of [text, bytes, bytes.buffer, new DataView(bytes.buffer), new Blob([text])]) {
        same((await stytch.fetch(URL_, { method: "POST", headers, body })).status, 200);
      }
      const stream = new Blob([text]).stream();
      same((await stytch.fetch(URL_, { method: "POST", headers, body: stream, duplex: "half" })).status, 200);
      const form = await stytch.fetch(`https://test.stytch.com/v1/public/${stytch.consumer.project_id}/oauth2/token`, {
        method: "POST",
        body: new URLSearchParams({ grant_type: "client_credentials", client_id: "a", client_secret: "b" }),
      });
      ok(form.status === 400 || form.status === 401 || form.status === 404, `the form is read: ${form.status}`);
      same((await form.json()).error !== undefined, true, "an error of OAuth2");
    },
    "accepts a Request and a URL, and returns a Response": async () => {
      const { stytch, headers } = await started();
      const init = { method: "POST", headers, body: JSON.stringify({ email: "ada@example.com" }) };
      for (const input of [new Request(URL_, init), new URL(URL_), URL_]) {
        const response = await stytch.fetch(input, input instanceof Request ? undefined : init);
        ok(response instanceof Response, "a real Response");
        deepSame([response.ok, response.url, response.redirected], [true, URL_, false]);
        same(response.headers.get("content-type"), "application/json; charset=utf-8");
        same((await response.json()).status_code, 200);
      }
      const changed = await stytch.fetch(new Request(URL_, init), { method: "PUT", body: "{}" });
      same(changed.status, 405);
      const own = await stytch.fetch("https://auth.example.com/_emulator/outbox.json?x=1#y");
      deepSame([own.url, (await own.json()).messages.length], ["https://auth.example.com/_emulator/outbox.json?x=1", 3]);
    },
    "answers HEAD and statuses without a body": async () => {
      const { stytch } = await started();
      const head = await stytch.fetch("https://test.stytch.com/v1/debug/whoami", { method: "HEAD" });
      deepSame([head.status, await head.text()], [405, ""]);
      stytch.faults.add({ kind: "answer", status: 204, text: "x" });
      const empty = await stytch.fetch("https://test.stytch.com/v1/debug/whoami");
      deepSame([empty.status, empty.body, await empty.text()], [204, null, ""]);
    },
    "honours a signal": async () => {
      const { stytch } = await started();
      const reason = new Error("over");
      same(await failure(() => stytch.fetch(URL_, { signal: AbortSignal.abort(reason) })), reason);
      same(await failure(() => stytch.fetch(new Request(URL_, { signal: AbortSignal.abort(reason) }))), reason);
      deepSame(stytch.requests.list(), []);
      const error = await failure(() => (stytch.faults.add({ kind: "hang" }), stytch.fetch(URL_, { signal: AbortSignal.timeout(20) })));
      same(error.name, "TimeoutError");
    },
    "follows redirects as the caller asks": async () => {
      const { call } = await redirecting("/v1/debug/whoami", "follow");
      const followed = await call();
      deepSame([followed.status, followed.redirected], [200, true]);
      const { call: stay } = await redirecting("https://other.example/v1/debug/whoami", "manual");
      const answer = await stay();
      deepSame([answer.status, answer.headers.get("location")], [307, "https://other.example/v1/debug/whoami"]);
      const { call: leave, stytch } = await redirecting("https://other.example/v1/debug/whoami", "follow");
      same((await leave()).status, 400, "the credentials stay with their host");
      same(stytch.requests.list().length, 2);
      const { stytch: looping } = await redirecting();
      looping.faults.clear();
      looping.faults.add({ kind: "redirect" });
      ok((await failure(() => looping.fetch("https://test.stytch.com/v1/debug/whoami"))) instanceof TypeError, "too many redirects");
      // workerd refuses the mode.
      if (runtime !== "workerd") ok((await failure((await redirecting("/", "error")).call)) instanceof TypeError, "error");
    },
    "replaces the global fetch for the hosts of Stytch only": async () => {
      const before = globalThis.fetch;
      const others = [];
      globalThis.fetch = async (input) => (others.push(String(input)), new Response("other"));
      const stub = globalThis.fetch;
      try {
        const [one, two] = [await createEmulator(), await createEmulator()];
        const undoOne = one.install();
        same((await fetch("https://test.stytch.com/v1/debug/whoami")).status, 400);
        same(await (await fetch("https://example.com/")).text(), "other");
        deepSame(others, ["https://example.com/"]);
        const undoTwo = two.install(["auth.example.com"]);
        same((await fetch(new Request("https://auth.example.com/v1/debug/whoami"))).status, 400);
        same((await fetch("https://test.stytch.com/v1/debug/whoami")).status, 400);
        deepSame([one.requests.list().length, two.requests.list().length], [2, 1]);
        // In any order.
        undoOne();
        same(await (await fetch("https://test.stytch.com/")).text(), "other");
        same((await fetch("https://auth.example.com/v1/debug/whoami")).status, 400);
        undoTwo();
        undoTwo();
        same(await (await fetch("https://auth.example.com/")).text(), "other");
        if (Symbol.dispose) same(typeof undoTwo[Symbol.dispose], "function");
        const three = await createEmulator();
        three.install();
        three.close();
        same(await (await fetch("https://test.stytch.com/")).text(), "other");
        ok(globalThis.fetch !== undefined && stub !== undefined, "there is a fetch");
      } finally {
        globalThis.fetch = before;
      }
    },
  };
}
