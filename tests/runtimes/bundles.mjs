// The package from its tarball in common bundlers: each build runs in its target runtime, accepts a valid token and refuses
// others. The servers, request handlers and programs of the documents run, too.

import { Client } from "stytch-edge";

import { matches, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { examples } from "../packaging/examples.mjs";
import { checkGuarded } from "../packaging/guarded.mjs";
import { handlerTests } from "../packaging/handlers.mjs";
import { pages } from "../packaging/pages.mjs";
import { programTests } from "../packaging/programs.mjs";
import { servers } from "../packaging/servers.mjs";
import { startBrowser } from "./inside/browser.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { report, runOwn } from "./inside/report.mjs";

const { end, ...ready } = await startEmulator();
const emulator = new Emulator(ready);
const browser = await startBrowser();
const tests = {};

for (const [name, serve] of Object.entries(pages)) {
  tests[`${name}: verifies tokens`] = () => whileServed(serve(ready.url), checkInPage);
}
const { project_id, secret } = ready.consumer;
const environment = { STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret, STYTCH_BASE_URL: ready.url };
for (const [name, start] of Object.entries(servers)) {
  tests[`${name}: verifies tokens`] = () => whileServed(start(environment), checkByRequest);
}
for (const [name, { start, path = "/", also }] of Object.entries(examples)) {
  tests[`${name}: calls the handler only for requests with a session`] = () =>
    whileServed(start(environment), async (url) => {
      await checkGuarded(new URL(path, url), emulator, await logIn());
      await also?.(url);
    });
}
Object.assign(tests, handlerTests(emulator, environment), programTests);

const results = await runOwn(tests);
await browser.close();
await end();
report(results, 24);

async function whileServed(starting, step) {
  const { url, end } = await starting;
  try {
    await step(url);
  } finally {
    await end();
  }
}

async function checkInPage(url) {
  const page = await browser.newPage();
  const messages = [];
  page.on("console", (message) => message.type() !== "debug" && messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(String(error)));
  await page.goto(url);
  await page.waitForFunction(() => globalThis.check);
  const check = (given) => page.evaluate(([project, token]) => globalThis.check(project, token), given);
  await verifiesTokens((token) => check([ready.consumer, token]));
  same(messages.join("\n"), "", "messages on the console");
  await page.close();
}

async function checkByRequest(url) {
  await verifiesTokens(async (token) => {
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
    return answer.text();
  });
}

async function logIn() {
  const client = new Client({ project_id, secret, custom_base_url: ready.url });
  const email = "ada@example.com";
  await client.magicLinks.email.loginOrCreate({ email });
  const token = await emulator.tokenFor(email);
  return client.magicLinks.authenticate({ token, session_duration_minutes: 60 });
}

async function verifiesTokens(check) {
  matches(await check(await emulator.token()), /^session-test-/, "a valid token");
  const exp = Math.floor(Date.now() / 1000) - 1;
  same(await check(await emulator.token({ claims: { exp } })), "jwt_invalid", "an expired token");
  same(await check("garbage"), "jwt_invalid", "a malformed token");
}
