// @ts-check
// What differs over https. `wrangler dev` speaks plain http, so this part calls the Worker's handler in Node.

import { strict as assert } from "node:assert";
import { registerHooks } from "node:module";
import { readFileSync } from "node:fs";
import { Visitor } from "./visitor.mjs";

/** @param {import("./index.mjs").Stage} stage */
export async function https({ url, api, step }) {
  await step("over https, the cookies are Secure, when they are set and when they are cleared", async () => {
    const { default: worker } = await import("../src/index.ts");
    const { project_id, secret } = api.consumer;
    const env = { STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret, STYTCH_BASE_URL: api.url };
    await new Visitor(url).post("/login", { email: "joan@example.com" });
    const { search } = new URL(await api.newestLink("joan@example.com"));
    const origin = "https://worker.example";
    for (const request of [
      new Request(`${origin}/authenticate${search}`),
      new Request(`${origin}/logout`, { method: "POST", headers: { origin } }),
    ]) {
      const answer = await worker.fetch(request, env);
      assert.equal(answer.status, 303);
      assert.equal(answer.headers.getSetCookie().length, 2);
      for (const cookie of answer.headers.getSetCookie()) assert.match(cookie, /; HttpOnly; Secure; SameSite=Lax$/);
    }
    await api.newCalls();
  });
}

// As wrangler does, HTML is imported as text.
registerHooks({
  load: (address, context, next) =>
    address.endsWith(".html")
      ? { format: "json", source: JSON.stringify(readFileSync(new URL(address), "utf8")), shortCircuit: true }
      : next(address, context),
});
