// @ts-check
// The differences over https. `wrangler dev` supports only http here, so this part calls the Worker's handler in Node.

import { strict as assert } from "node:assert";
import { registerHooks } from "node:module";
import { readFileSync } from "node:fs";
import { Browser } from "./browser.mjs";

/** @param {import("./index.mjs").Context} context */
export async function https({ url, api, step }) {
  await step("over https, set and cleared cookies are Secure", async () => {
    const { default: worker } = await import("../src/index.ts");
    const { project_id, secret } = api.consumer;
    const env = { STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret, STYTCH_BASE_URL: api.url };
    await new Browser(url).post("/login", { email: "joan@example.com" });
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

// HTML is imported as text, as in wrangler.
registerHooks({
  load: (address, context, next) =>
    address.endsWith(".html")
      ? { format: "json", source: JSON.stringify(readFileSync(new URL(address), "utf8")), shortCircuit: true }
      : next(address, context),
});
