// A page of Chromium whose links and buttons are handled by the scripts of a framework, which request data.

import { deepSame, same } from "../conformance/assert.js";
import { callsDuring, expireIn, REFRESH } from "./expired-sessions.mjs";

/** Runs a test with a page of the app at `url`. */
export async function inScriptedPage({ browser, guard }, url, test) {
  const context = await (await browser()).newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    await test(new ScriptedPage(page, guard, url));
  } finally {
    await context.close();
  }
}

class ScriptedPage {
  constructor(page, guard, url) {
    Object.assign(this, { page, guard, url, context: page.context() });
  }

  open(path) {
    return this.page.goto(`${this.url}${path}`, { waitUntil: "networkidle" });
  }

  click(name) {
    return this.page.getByRole("button", { name, exact: true }).click();
  }

  /** Waits for a text in the element `main`. */
  main(text) {
    return this.page.locator("main", { hasText: text }).waitFor();
  }

  /** Waits for a text in an `output`. */
  shows(text) {
    return this.page.locator("output", { hasText: text }).waitFor();
  }

  /** Fails unless a link leads to the log-in page without a new document. */
  async leadsToLogIn(link, from) {
    await this.open("/start");
    await this.page.evaluate(() => (window.same = true));
    await this.page.click(`text=${link}`);
    await this.main(`Log in, then ${from}`);
    same(await this.page.evaluate(() => window.same), true, "the document");
  }

  /** Sets the cookies of a session. */
  async logIn({ session_token, session_jwt }) {
    const cookies = Object.entries({ stytch_session: session_token, stytch_session_jwt: session_jwt });
    await this.context.addCookies(cookies.map(([name, value]) => ({ name, value, url: this.url, httpOnly: true })));
  }

  /** Fails unless each step, after its page was opened, refreshes an expired session once. */
  async refreshesOnce(steps) {
    for (const [from, step] of steps) {
      await this.open(from);
      const expired = await expireIn(this.context, this.guard, this.url);
      deepSame(await callsDuring(this.guard, step), [REFRESH], `${step}`);
      const [now] = (await this.context.cookies()).filter(({ name }) => name === "stytch_session_jwt");
      same(now.value !== expired, true, `${step}: the refreshed JWT reached the browser`);
    }
  }

  /** Presses a button of a page whose session has ended. */
  async clickWithoutSession(name) {
    await this.open("/actions");
    await this.context.clearCookies();
    await this.click(name);
  }
}

const LIMIT_MS = 20_000;
