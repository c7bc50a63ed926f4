// A page that checks session JWTs in Chromium with `stytch-edge/verify`: it has a field named
// `token`, a button, and an `output` for the answer: `Hello <user id>`, or the reason.
// The API's host does not exist here, so its key set comes from the emulator.

import { matches, same } from "../conformance/assert.js";

/** Fails unless the page at `url` accepts a good token and names what is wrong with others. */
export async function checkPage(stand, url) {
  const browser = await stand.browser();
  const context = await browser.newContext();
  try {
    await context.route("https://test.stytch.com/**", (route) => answerAsTheApi(route, stand));
    const page = await context.newPage();
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(`${error}`));
    await page.goto(url, { waitUntil: "networkidle" });
    const answer = (token) => answerOf(page, token);
    const { emulator } = stand.visits;
    try {
      matches(await answer(await emulator.token()), /^Hello user-test-/, "the answer for a good token");
      same(await answer(await stand.visits.expired()), "expired", "the answer for an expired token");
      same(await answer("garbage"), "malformed", "the answer for garbage");
    } catch (error) {
      throw new Error(`${error.message}\n${complaints.join("\n")}`, { cause: error });
    }
    same(complaints.join("\n"), "", "errors on the console");
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
