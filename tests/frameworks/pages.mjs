// A page that verifies session JWTs in Chromium with `stytch-edge/verify`. It has a field named
// `token`, a button, and an `output` for the result: `Hello <user id>`, or the reason. The tests
// cannot reach the API's host, so the emulator provides its key set.

import { matches, same } from "../conformance/assert.js";

/** Fails unless the page at `url` accepts a valid token and displays the reasons for others. */
export async function checkPage(harness, url) {
  const browser = await harness.browser();
  const context = await browser.newContext();
  try {
    await context.route("https://test.stytch.com/**", (route) => answerAsTheApi(route, harness));
    const page = await context.newPage();
    const messages = [];
    page.on("console", (message) => message.type() === "error" && messages.push(message.text()));
    page.on("pageerror", (error) => messages.push(`${error}`));
    await page.goto(url, { waitUntil: "networkidle" });
    const resultFor = (token) => answerOf(page, token);
    const { emulator } = harness.guard;
    try {
      matches(await resultFor(await emulator.token()), /^Hello user-test-/, "the result for a valid token");
      same(await resultFor(await harness.guard.expired()), "expired", "the result for an expired token");
      same(await resultFor("garbage"), "malformed", "the result for a malformed token");
    } catch (error) {
      throw new Error(`${error.message}\n${messages.join("\n")}`, { cause: error });
    }
    same(messages.join("\n"), "", "errors on the console");
  } finally {
    await context.close();
  }
}

async function answerOf(page, token) {
  const before = await page.textContent("output");
  await page.fill("input[name=token]", token);
  await page.click("button");
  await page.waitForFunction(
    (before) => !["", before].includes(document.querySelector("output").textContent),
    before,
    { timeout: LIMIT_MS },
  );
  return page.textContent("output");
}

async function answerAsTheApi(route, { environment }) {
  const { pathname } = new URL(route.request().url());
  const answer = await fetch(`${environment.STYTCH_BASE_URL}${pathname}`);
  await route.fulfill({
    status: answer.status,
    contentType: "application/json",
    headers: { "Access-Control-Allow-Origin": "*" },
    body: await answer.text(),
  });
}

const LIMIT_MS = 20_000;
