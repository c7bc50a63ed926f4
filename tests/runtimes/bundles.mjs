// The package through the bundlers that people use, from its tarball to a checked
// session: each build is run where it belongs, and tells a good token from others.

import { matches, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { pages } from "../packaging/pages.mjs";
import { servers } from "../packaging/servers.mjs";
import { startBrowser } from "./inside/browser.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { report, runOwn } from "./inside/report.mjs";

const { end, ...ready } = await startEmulator();
const emulator = new Emulator(ready);
const browser = await startBrowser();
const tests = {};

for (const [name, serve] of Object.entries(pages)) {
  tests[`${name} checks tokens`] = () => whileServed(serve(ready.url), checkInPage);
}
for (const [name, start] of Object.entries(servers)) {
  const { project_id, secret } = ready.consumer;
  const environment = { STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret, STYTCH_BASE_URL: ready.url };
  tests[`${name} checks tokens`] = () => whileServed(start(environment), checkByRequest);
}

const results = await runOwn(tests);
await browser.close();
await end();
report(results, 6);

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
  const complaints = [];
  page.on("console", (message) => message.type() !== "debug" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  await page.waitForFunction(() => globalThis.check);
  const check = (given) => page.evaluate(([project, token]) => globalThis.check(project, token), given);
  await tellsTokensApart((token) => check([ready.consumer, token]));
  same(complaints.join("\n"), "", "the console");
  await page.close();
}

async function checkByRequest(url) {
  await tellsTokensApart(async (token) => {
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
    return answer.text();
  });
}

async function tellsTokensApart(check) {
  matches(await check(await emulator.token()), /^session-test-/, "a good token");
  const exp = Math.floor(Date.now() / 1000) - 1;
  same(await check(await emulator.token({ claims: { exp } })), "jwt_invalid", "an expired token");
  same(await check("garbage"), "jwt_invalid", "garbage");
}
