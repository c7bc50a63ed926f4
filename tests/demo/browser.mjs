// @ts-check
// Checks the demo in a real browser: node tests/demo/browser.mjs <app> <outbox>
//
// Enters an e-mail address, opens the outbox, follows the link, reads the guarded page and logs
// out. Prints `ok <step>` for each step, and ends at the first `not ok <step>`.
import { strict as assert } from "node:assert";
import { chromium } from "playwright-core";

const [app, outbox] = process.argv.slice(2);
const address = "grace@example.com";

const browser = await chromium.launch({
  executablePath: process.env.STYTCH_CHROMIUM,
  args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
});
try {
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  /** @type {string[]} */
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));

  await step("the form accepts an e-mail address", async () => {
    await page.goto(app);
    await page.fill('input[name="email"]', address);
    await page.press('input[name="email"]', "Enter");
    await page.waitForLoadState();
  });
  await step("the outbox displays the e-mail, and its button leads to the guarded page", async () => {
    const mail = await context.newPage();
    await mail.goto(outbox);
    const card = mail.locator("article", { hasText: address }).first();
    await card.locator("a.button").click();
    await mail.waitForURL(`${app}/**`);
    await mail.close();
  });
  await step("the guarded page displays the user", async () => {
    const answer = await page.goto(`${app}/me`);
    assert.equal(answer?.status(), 200);
    assert.match(await page.innerText("body"), /user-test-|grace@example\.com/);
    assert.equal(await page.locator("[data-fetches]").count(), 1);
  });
  await step("scripts of the page cannot read the session", async () => {
    assert.doesNotMatch(await page.evaluate(() => document.cookie), /stytch_session/);
  });
  await step("the pages fit the screen of a phone", async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
  });
  await step("the button logs out", async () => {
    await page.locator('form[action="/logout"] button').click();
    await page.waitForURL((url) => url.pathname !== "/logout");
    await page.goto(`${app}/me`);
    assert.equal(await page.locator("[data-fetches]").count(), 0);
  });
  await step("the pages throw no errors", async () => assert.deepEqual(problems, []));
} finally {
  await browser.close();
}

/**
 * @param {string} title
 * @param {() => Promise<void>} body
 */
async function step(title, body) {
  try {
    await body();
    console.log(`ok ${title}`);
  } catch (error) {
    console.log(`not ok ${title}`);
    throw error;
  }
}
