// @ts-check
// What strangers and mistyped addresses get: wrong paths, methods and forms, markup, links that never were.

import { strict as assert } from "node:assert";
import { Visitor } from "./visitor.mjs";

/** @param {import("./index.mjs").Stage} stage */
export async function edges({ url, api, step }) {
  const stranger = new Visitor(url);
  await step("the pages have a style sheet and an icon of their own", async () => {
    for (const [path, type] of [
      ["/style.css", "text/css"],
      ["/icon.svg", "image/svg+xml"],
    ]) {
      const answer = await stranger.get(path);
      assert.equal(answer.status, 200);
      assert.ok(answer.headers.get("content-type")?.startsWith(type));
    }
  });
  await step("other paths are 404, and other methods 405", async () => {
    assert.equal((await stranger.get("/nothing")).status, 404);
    for (const [method, path, allow] of [
      ["POST", "/", "GET"],
      ["GET", "/login", "POST"],
      ["HEAD", "/authenticate", "GET"],
      ["DELETE", "/me", "GET"],
      ["PUT", "/api/me", "GET"],
      ["GET", "/logout", "POST"],
    ]) {
      const answer = await stranger.send(method, path);
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.headers.get("allow"), allow);
    }
  });
  await step("forms from other sites are refused", async () => {
    for (const origin of ["https://evil.example", "null", ""]) {
      for (const path of ["/login", "/logout"]) {
        assert.equal(
          (await stranger.post(path, { email: "ada@example.com" }, origin)).status,
          403,
          `${path} from ${origin}`,
        );
      }
    }
    assert.deepEqual(await api.newCalls(), []);
  });
  await step("what is no address is sent back with a message, and shown escaped", async () => {
    for (const email of ["", "<script>alert(1)</script>", "two words"]) {
      const page = await stranger.post("/login", { email });
      assert.equal(page.status, 400);
      assert.match(page.body, /role="alert">[^<]+<\/p>/);
      assert.doesNotMatch(page.body, /<script/);
    }
    assert.equal((await stranger.send("POST", "/login", { origin: url }, "{}")).status, 400);
    assert.equal((await api.newCalls()).length, 4);
  });
  await step("an address with markup in it is shown as it is", async () => {
    const page = await stranger.post("/login", { email: "o'hara&co@example.com" });
    assert.match(page.body, /o&#39;hara&#38;co@example\.com/);
    await api.newCalls();
  });
  await step("links that never were are refused with a form", async () => {
    const unknown = "A".repeat(44);
    for (const query of [`?token=${unknown}`, "?token=%3Cb%3E"]) {
      const page = await stranger.get(`/authenticate${query}`);
      assert.equal(page.status, 401, query);
      assert.match(page.body, /action="\/login"/);
      assert.deepEqual(page.headers.getSetCookie(), []);
    }
    assert.equal((await api.newCalls()).length, 2);
  });
  await step("who comes without a link is sent to the start, and nobody is asked", async () => {
    for (const query of ["", "?token="]) {
      const answer = await stranger.get(`/authenticate${query}`);
      assert.equal(answer.status, 303, query);
      assert.equal(answer.headers.get("location"), "/");
    }
    assert.deepEqual(await api.newCalls(), []);
  });
}
