// @ts-check
// Invalid requests: wrong paths, methods and forms, addresses with markup, unknown links.

import { strict as assert } from "node:assert";
import { Browser } from "./browser.mjs";

/** @param {import("./index.mjs").Context} context */
export async function edges({ url, api, step }) {
  const browser = new Browser(url);
  await step("serves the style sheet and the icon", async () => {
    for (const [path, type] of [
      ["/style.css", "text/css"],
      ["/icon.svg", "image/svg+xml"],
    ]) {
      const answer = await browser.get(path);
      assert.equal(answer.status, 200);
      assert.ok(answer.headers.get("content-type")?.startsWith(type));
    }
  });
  await step("responds to unknown paths with 404, and to other methods with 405", async () => {
    assert.equal((await browser.get("/nothing")).status, 404);
    for (const [method, path, allow] of [
      ["POST", "/", "GET"],
      ["GET", "/login", "POST"],
      ["HEAD", "/authenticate", "GET"],
      ["DELETE", "/me", "GET"],
      ["PUT", "/api/me", "GET"],
      ["GET", "/logout", "POST"],
    ]) {
      const answer = await browser.send(method, path);
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.headers.get("allow"), allow);
    }
  });
  await step("refuses forms of other origins", async () => {
    for (const origin of ["https://evil.example", "null", ""]) {
      for (const path of ["/login", "/logout"]) {
        assert.equal(
          (await browser.post(path, { email: "ada@example.com" }, origin)).status,
          403,
          `${path} from ${origin}`,
        );
      }
    }
    assert.deepEqual(await api.newCalls(), []);
  });
  await step("responds to a malformed address with a message, without its markup", async () => {
    for (const email of ["", "<script>alert(1)</script>", "two words"]) {
      const page = await browser.post("/login", { email });
      assert.equal(page.status, 400);
      assert.match(page.body, /role="alert">[^<]+<\/p>/);
      assert.doesNotMatch(page.body, /<script/);
    }
    assert.equal((await browser.send("POST", "/login", { origin: url }, "{}")).status, 400);
    assert.equal((await api.newCalls()).length, 4);
  });
  await step("escapes the markup in an address", async () => {
    const page = await browser.post("/login", { email: "o'hara&co@example.com" });
    assert.match(page.body, /o&#39;hara&#38;co@example\.com/);
    await api.newCalls();
  });
  await step("refuses unknown links with a form", async () => {
    const unknown = "A".repeat(44);
    for (const query of [`?token=${unknown}`, "?token=%3Cb%3E"]) {
      const page = await browser.get(`/authenticate${query}`);
      assert.equal(page.status, 401, query);
      assert.match(page.body, /action="\/login"/);
      assert.deepEqual(page.headers.getSetCookie(), []);
    }
    assert.equal((await api.newCalls()).length, 2);
  });
  await step("redirects a request without a token to the start page, without an API call", async () => {
    for (const query of ["", "?token="]) {
      const answer = await browser.get(`/authenticate${query}`);
      assert.equal(answer.status, 303, query);
      assert.equal(answer.headers.get("location"), "/");
    }
    assert.deepEqual(await api.newCalls(), []);
  });
}
