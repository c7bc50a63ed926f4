// Callbacks, getters and stores that call the client again. The isolate state must not be borrowed while the
// caller's code runs.

import { deepSame, ok, same } from "./assert.js";
import { answering, makeSigner } from "./signer.js";

export default (test) => {
  test("can be called from each of a caller's functions and getters", async (t) => {
    const { jwk, sign } = await makeSigner();
    const { project_id } = t.emulator.consumer;
    const now = Math.floor(Date.now() / 1000);
    const header = JSON.stringify({ alg: "RS256", typ: "JWT", kid: jwk.kid });
    const token = (more) =>
      sign(header, JSON.stringify({ aud: [project_id], iss: `stytch.com/${project_id}`, exp: now + 300, ...more }));
    const session_jwt = await token({ "https://stytch.com/session": { id: "session-test-1", roles: ["editor"] } });
    const machine_jwt = await token({ sub: "m2m-client-test-1", scope: "read:a" });
    const answers = answering(JSON.stringify({ keys: [jwk], policy: {}, access_token: "token", expires_in: 0, status_code: 200 }));

    // `other` has loaded keys. The calls of `client` run all of the caller's code.
    const other = t.consumer({ ...t.fresh(), fetch: answers });
    await other.loadKeys();
    const entered = new Map();
    let inside = false;
    const again = (from) => {
      if (inside) return;
      inside = true;
      entered.set(from, (entered.get(from) ?? 0) + 1);
      same(other.sessions.authenticateJwtLocalSync({ session_jwt }).session_id, "session-test-1");
      other.sessionHeaders({ session_jwt, session_token: "token" });
      // This call runs `again` too, so the number of calls is limited.
      if (entered.get(from) < 4) void t.consumer(config).sessions.authenticateJwtLocal({ session_jwt }).catch(() => {});
      inside = false;
    };
    const store = {
      async get() {
        again("store.get");
        return null;
      },
      async put() {
        again("store.put");
      },
    };
    const wait_until = () => again("wait_until");
    const config = {
      ...t.fresh(),
      fetch: (url, init) => {
        again("fetch");
        return answers(url, init);
      },
      on_event: () => again("on_event"),
      store,
      wait_until,
    };
    const getting = (from, values) =>
      Object.defineProperties(
        {},
        Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, { enumerable: true, get: () => (again(from), value) }]),
        ),
      );
    const client = t.consumer(config);
    const request = { headers: getting("headers", { authorization: `Bearer ${session_jwt}`, cookie: "a=b" }) };
    const options = getting("options", { clock_tolerance_seconds: 1, required_claims: getting("claims", { exp: true }) });
    same((await client.authenticateRequest(request, options)).status, "authenticated");
    same((await client.sessions.authenticateJwtLocal(getting("params", { session_jwt }))).session_id, "session-test-1");
    const check = getting("check", { action: "write", resource_id: "documents" });
    same((await client.authenticateRequest(request, { authorization_check: check })).status, "forbidden");
    same(client.rbac.can({ roles: ["editor"] }, check), false);
    const scopes = ({ hasScopes }) => (again("scopes"), hasScopes.includes("read:a"));
    const machine = await client.m2m.authenticateToken({ access_token: machine_jwt, required_scopes: ["read:a"] }, scopes);
    same(machine.client_id, "m2m-client-test-1");
    same(await client.m2m.tokenProvider({ client_id: "c", client_secret: "s" })(), "token");
    await client.users.get(getting("data", { user_id: "user-test-1" }));
    const long = getting("result", { session_jwt: "a".repeat(5_000), session_token: "token" });
    same(client.sessionHeaders(long).getSetCookie?.().length ?? 2, 2);
    const { now: clock } = Date;
    Date.now = () => (again("Date.now"), clock.call(Date));
    try {
      same((await client.authenticateRequest(request)).status, "authenticated");
    } finally {
      Date.now = clock;
    }
    const expected = ["Date.now", "check", "claims", "data", "fetch", "headers", "on_event", "options", "params", "result", "scopes"];
    const [background] = entered.has("wait_until") ? [["wait_until"]] : [[]];
    deepSame([...entered.keys()].sort(), [...expected, "store.get", "store.put", ...background].sort());
    ok(entered.has("wait_until") || t.runtime !== "workerd", "wait_until was called in workerd");
  });
};
