// The log-ins of log-in-checks.mjs in Chromium, with its cookies, redirects between origins, tabs and back button.

import { randomUUID } from "node:crypto";

import { matches, ok, same } from "../conformance/assert.js";
import { call } from "./guard-checks.mjs";

/** Fails unless a user of Chromium can log in and out at the server of `url`. */
export async function checkInChromium(harness, url) {
  const { emulator } = harness.guard;
  const context = await (await harness.browser()).newContext();
  context.setDefaultTimeout(LIMIT_MS);
  try {
    const page = await context.newPage();
    const t = { url, context, page, emulator, address: () => `ada.${randomUUID()}@example.com` };
    await oauth(t);
    await logOut(t);
    await magicLink(t);
    await logOut(t);
    await password(t);
    await backButton(t);
  } finally {
    await context.close();
  }
}

/** A link of the app leads to the page of a provider, on another origin, and from there to the page of the user. */
async function oauth({ url, page, address }) {
  await page.goto(`${url}/auth/log-out`);
  await page.evaluate(() => location.assign("/auth/oauth/google?return_to=/account"));
  await page.fill("form.fields input[name=email_address]", address());
  await Promise.all([page.waitForURL(`${url}/account`), page.click("form.fields button[value=allow]")]);
  matches(await page.textContent("body"), HELLO, "the account after a log-in with a provider");
}

/** A link of an email opens in another tab. */
async function magicLink({ url, context, page, emulator, address }) {
  const email = address();
  await submit(page, "/auth/magic-link", { email, return_to: "/account" });
  await page.waitForURL((at) => at.search === "?sent=1");
  const tab = await context.newPage();
  await tab.goto((await emulator.messageTo(email)).url);
  same(tab.url(), `${url}/account`);
  matches(await tab.textContent("body"), HELLO, "the account after a link");
  await page.goto(`${url}/account`);
  matches(await page.textContent("body"), HELLO, "the account in the other tab");
  await tab.close();
}

async function password({ url, page, emulator, address }) {
  const fields = { email: address(), password: "violet-harbour-lantern-41" };
  await call(emulator, "consumer", "passwords", fields);
  await submit(page, "/auth/password", { ...fields, return_to: "/account" });
  await page.waitForURL(`${url}/account`);
}

/** After a log-out in one tab, neither tab displays the account: not with the back button, and not when it is loaded again. */
async function backButton(t) {
  const { url, context, page } = t;
  const tab = await context.newPage();
  await tab.goto(`${url}/account`);
  matches(await tab.textContent("body"), HELLO, "the account in a second tab");
  await logOut(t);
  await page.goBack();
  ok(!HELLO.test(await page.textContent("body")), "the back button does not display the account");
  await tab.reload();
  ok(!HELLO.test(await tab.textContent("body")), "the other tab does not display the account");
}

async function logOut({ url, page }) {
  await submit(page, "/auth/log-out", {});
  await page.waitForURL(`${url}/goodbye`);
}

/** Submits a form from the page that is open. */
async function submit(page, action, fields) {
  await page.evaluate(
    ({ action, fields }) => {
      const form = Object.assign(document.createElement("form"), { method: "post", action });
      for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement("input"), { name, value }));
      document.body.append(form);
      form.submit();
    },
    { action, fields },
  );
}

const HELLO = /Hello user-test-/;
const LIMIT_MS = 20_000;
