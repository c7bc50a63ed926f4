// The package through the bundlers that people use, from its tarball to a checked
// session: each build is run where it belongs, and tells a good token from others. So
// do the servers that the README shows.

import { Client } from "stytch-edge";

import { matches, same } from "../conformance/assert.js";
import { Emulator } from "../conformance/emulator.js";
import { examples } from "../packaging/examples.mjs";
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
const { project_id, secret } = ready.consumer;
const environment = { STYTCH_PROJECT_ID: project_id, STYTCH_SECRET: secret, STYTCH_BASE_URL: ready.url };
for (const [name, start] of Object.entries(servers)) {
  tests[`${name} checks tokens`] = () => whileServed(start(environment), checkByRequest);
}
for (const [name, start] of Object.entries(examples)) {
  tests[`${name} greets visitors with a session, and no others`] = () => whileServed(start(environment), greets);
}

const results = await runOwn(tests);
await browser.close();
await end();
report(results, 7);

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

async function greets(url) {
  const visit = (headers) => fetch(url, { headers });
  const { session_jwt, session_token } = await logIn();
  const greeting = await visit({ Cookie: `stytch_session_jwt=${session_jwt}` });
  same(greeting.status, 200, "a good token");
  matches(await greeting.text(), /^Hello user-test-/);
  same((await visit({})).status, 401, "nothing");
  same((await visit({ Authorization: "Bearer garbage" })).status, 401, "garbage");
  const refreshed = await visit({ Cookie: `stytch_session=${session_token}` });
  same(refreshed.status, 200, "a session token alone");
  matches(await refreshed.text(), /^Hello user-test-/);
  same(refreshed.headers.getSetCookie().length, 2, "its new cookies");
  await emulator.withFault({ path_prefix: "/v1/", kind: "status", status: 503 }, async () => {
    same((await visit({ Cookie: `stytch_session=${session_token}` })).status, 503, "an outage");
  });
}

async function logIn() {
  const client = new Client({ project_id, secret, custom_base_url: ready.url });
  const email = "ada@example.com";
  await client.magicLinks.email.loginOrCreate({ email });
  const token = await emulator.tokenFor(email);
  return client.magicLinks.authenticate({ token, session_duration_minutes: 60 });
}

async function tellsTokensApart(check) {
  matches(await check(await emulator.token()), /^session-test-/, "a good token");
  const exp = Math.floor(Date.now() / 1000) - 1;
  same(await check(await emulator.token({ claims: { exp } })), "jwt_invalid", "an expired token");
  same(await check("garbage"), "jwt_invalid", "garbage");
}
