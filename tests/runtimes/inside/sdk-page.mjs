// Pages of the application with Stytch's SDKs, in Chromium. Records what must not happen on them.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { ok } from "../../conformance/assert.js";
import { blockWith } from "../../packaging/blocks.mjs";
import { startBrowser } from "./browser.mjs";
import { startEmulator } from "./emulator.mjs";
import { temporaryFolder } from "./folder.mjs";
import { startApp } from "./sdk-app.mjs";

/** The seed of the guide. */
export const SEED = blockWith("docs/guide/testing.md", "# seed.yaml");
/** Errors, messages on the console, and requests to other hosts. */
export const problems = [];
/** URLs of other hosts that a test opens. */
export const allowed = new Set();

const browser = await startBrowser();
const folder = temporaryFolder("sdk");

/** Ends the browser. */
export const endBrowser = () => browser.close();

/** Starts an emulator and an application for one test. `cookies` are the options of its client. */
export async function withApp(seed, body, cookies) {
  const file = join(folder, "seed.yaml");
  writeFileSync(file, seed);
  const { end, ...emulator } = await startEmulator(["--seed", file]);
  const app = await startApp(emulator, cookies);
  const control = async (name, body) => {
    const response = await fetch(`${emulator.url}/_emulator/${name}`, body && { method: "POST", body: JSON.stringify(body) });
    ok(response.ok, `${name}: ${response.status}`);
    return response.json();
  };
  const mail = async () => (await control("outbox.json")).messages[0];
  try {
    await body({ app, emulator, control, mail });
  } finally {
    for (const context of browser.contexts()) await context.close();
    await app.end();
    await end();
  }
}

/** Opens the application in a new browser context, and records what must not happen. */
export async function open(app) {
  const page = await watched(await browser.newContext());
  await visit(page, app.url);
  return page;
}

/** A new tab. */
export async function watched(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    // Chromium reports the requests that a test refuses, and React recommends its tools.
    if (!/^Failed to load resource|blocked by CORS policy|React DevTools/.test(message.text())) problems.push(message.text());
  });
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    const isLocal = protocol === "data:" || ["localhost", "127.0.0.1"].includes(hostname) || allowed.has(request.url());
    if (!isLocal) problems.push(request.url());
  });
  return page;
}

/** Opens a page of the application, and waits until its script has run. */
export async function visit(page, url) {
  await page.goto(url);
  await page.waitForFunction(() => globalThis.stytch);
}

/** Requests a link to the application. */
export function request(page, app) {
  return page.evaluate(
    (url) => stytch.magicLinks.email.loginOrCreate("ada@example.com", { login_magic_link_url: url, signup_magic_link_url: url }),
    app.url,
  );
}

export async function logIn(page, app, mail) {
  await request(page, app);
  await visit(page, (await mail()).url);
}

/** The session, user and tokens of the SDK, and the cookies of the page. */
export function state(page) {
  return page.evaluate(() => ({
    session: stytch.session.getSync(),
    user: stytch.user.getSync(),
    tokens: stytch.session.getTokens(),
    cookies: Object.fromEntries(document.cookie.split("; ").filter(Boolean).map((pair) => pair.split(/=(.*)/s, 2)).sort()),
  }));
}

export function me(page) {
  return page.evaluate(() => fetch("/me").then((response) => response.json()));
}

export function expiry({ tokens }) {
  return JSON.parse(Buffer.from(tokens.session_jwt.split(".")[1], "base64url")).exp;
}

/** The calls that the emulator received, without the events, which the SDK sends at intervals. */
export async function calls(control) {
  const { requests } = await control("requests.json");
  return requests.filter(({ path }) => path !== "/sdk/v1/events").map(({ method, path, status }) => `${method} ${path} ${status}`);
}
