// The emulator's page in Chromium, with the emulator's server. The page must not need another origin. With STYTCH_SCREENSHOTS,
// each section is also written as a picture to that folder, on a desktop and on a phone, light and dark.

import { deepSame, matches, same } from "../conformance/assert.js";
import { startBrowser } from "./inside/browser.mjs";
import { startEmulator } from "./inside/emulator.mjs";
import { report, runOwn } from "./inside/report.mjs";
import { HOSTILE, fill } from "./inside/emulator-data.mjs";
import { takeScreenshots } from "./inside/screenshots.mjs";

const { end, ...emulator } = await startEmulator();
const browser = await startBrowser();
const problems = [];
const page = await open();

const tests = {
  "shows empty sections before the first call": async () => {
    for (const section of ["outbox", "users", "organizations", "sessions", "apps", "fraud", "requests", "faults"]) {
      await page.goto(`${emulator.url}/#${section}`);
      await page.locator(`#${section} .empty`).waitFor();
    }
    same(await page.locator("#status").innerText(), "Running");
  },
  "shows a message within seconds, announces it, and its link logs in": async () => {
    await page.goto(`${emulator.url}/#outbox`);
    await page.locator("#outbox .empty").waitFor();
    const redirect = `${emulator.url}/_emulator/health?from=mail`;
    await call("/v1/magic_links/email/login_or_create", { email: "ada@example.com", login_magic_link_url: redirect, signup_magic_link_url: redirect });
    const card = page.locator("#outbox article", { hasText: "ada@example.com" });
    await card.waitFor();
    same(await page.locator("#announcements").textContent(), "New message to ada@example.com");
    await card.locator("a.button").click();
    await page.waitForURL(/from=mail/);
    const token = new URL(page.url()).searchParams.get("token");
    const { status } = await call("/v1/magic_links/authenticate", { token, session_duration_minutes: 60 });
    same(status, 200);
    await page.goto(`${emulator.url}/`);
    await card.getByText("Used").waitFor();
    same(await card.locator("a.button").count(), 0);
  },
  "lists users, organizations with members, and sessions": async () => {
    await fill(emulator, call);
    await page.goto(`${emulator.url}/#users`);
    await page.locator("#users summary", { hasText: "Grace Hopper" }).click();
    await page.locator("#users .inside").getByText("grace@example.com", { exact: false }).first().waitFor();
    await section("organizations");
    await page.locator("#organizations summary", { hasText: "Acme" }).first().click();
    await page.locator("#organizations .inside summary", { hasText: "member@acme.example" }).waitFor();
    await section("sessions");
    same((await page.locator("#sessions .row").count()) >= 2, true);
    await section("project");
    await page.locator("#project").getByText(emulator.b2b.project_id).first().waitFor();
  },
  "shows the factors of a user, and unlocks a locked one": async () => {
    await section("users");
    const row = page.locator("#users .row", { hasText: "locked@example.com" });
    await row.locator(".badge.bad", { hasText: "Locked" }).waitFor();
    await row.locator("summary").click();
    for (const text of ["Password", "Authenticator app", "10 recovery codes left", "openid, email", "Locked until"]) await row.getByText(text).first().waitFor();
    await row.getByRole("button", { name: "Unlock" }).click();
    await row.locator(".badge.bad").waitFor({ state: "detached" });
    same(await row.getByRole("button").count(), 0);
    const { body } = await call("/v1/passwords/authenticate", { email: "locked@example.com", password: "a password of nine words" });
    same(body.user.is_locked, false);
  },
  "shows the connections of an organization with their addresses": async () => {
    await section("organizations");
    const acme = page.locator("#organizations > .list > .row", { hasText: "Acme" });
    await acme.evaluate((row) => (row.open = true));
    const saml = acme.locator(".inside .row", { hasText: `${HOSTILE} SAML` });
    await saml.locator("summary").click();
    await saml.getByText("Identity provider of the emulator").waitFor();
    await saml.getByText(`${emulator.url}/_emulator/idp/1/saml`).waitFor();
    await saml.locator("dd", { hasText: `${emulator.url}/v1/b2b/sso/callback/saml-connection-test-` }).first().waitFor();
    const oidc = acme.locator(".inside .row", { hasText: "Pending OIDC" });
    await oidc.locator("summary").click();
    same(await oidc.locator("pre").innerText(), `${emulator.url}/_emulator/idp/1`);
    const scim = acme.locator(".inside .row", { hasText: "Directory" });
    await scim.locator("summary").click();
    matches(await scim.locator("pre").innerText(), new RegExp(`^${emulator.url}/v1/b2b/scim/scim-connection-test-`));
  },
  "shows apps with grants, and devices with verdicts": async () => {
    await section("apps");
    same(await page.locator('nav [data-count="connected_apps m2m_clients"]').innerText(), "2");
    const app = page.locator("#apps .row", { hasText: "Notes" });
    await app.getByText("1 grant").waitFor();
    await app.locator("summary").click();
    await app.locator("dl div", { hasText: "locked@example.com" }).getByText("openid, email").waitFor();
    await page.locator("#apps .row", { hasText: "Billing" }).waitFor();
    await section("fraud");
    const device = page.locator("#fraud .row", { hasText: "telemetry-1" });
    await device.locator(".badge.bad", { hasText: "BLOCK" }).waitFor();
    await device.locator("summary").click();
    await device.getByText("VIRTUAL_MACHINE, RULE_MATCH").waitFor();
    await page.locator("#fraud .row", { hasText: "instead of CHALLENGE" }).waitFor();
  },
  "switches the rate limits": async () => {
    await section("project");
    await page.getByRole("button", { name: "Switch the limit on" }).click();
    await page.getByRole("button", { name: "Switch the limit off" }).waitFor();
    const state = await control("state.json");
    same(state.rate_limits.enabled, true);
    await page.getByRole("button", { name: "Switch the limit off" }).click();
    await page.getByRole("button", { name: "Switch the limit on" }).waitFor();
  },
  "shows the channel of a message, and the code of a passcode": async () => {
    await section("outbox");
    for (const channel of ["SMS", "WhatsApp"]) {
      const card = page.locator("#outbox article", { hasText: "+15005550009" }).filter({ hasText: channel });
      matches(await card.locator("pre").innerText(), /^\d{6}$/);
      await card.getByText("Your passcode").waitFor();
    }
  },
  "keeps names as text, and never links to a script": async () => {
    await section("users");
    same(await page.locator("#users summary", { hasText: HOSTILE }).count(), 1);
    await section("organizations");
    same(await page.locator("#organizations > .list > .row > summary", { hasText: HOSTILE }).count(), 1);
    await section("apps");
    same(await page.locator("#apps summary", { hasText: `${HOSTILE} Notes` }).count(), 1);
    await section("fraud");
    await page.locator("#fraud .row", { hasText: `VISITOR_ID ${HOSTILE}` }).waitFor();
    await section("project");
    same(await page.locator("#project summary", { hasText: HOSTILE }).count(), 1);
    same(await page.locator("main img, main script").count(), 0);
    const mails = { messages: [{ id: 1, to: HOSTILE, kind: "login", url: "javascript:alert(1)", sent_at: "2020-01-01T00:00:00Z", expires_at: "2099-01-01T00:00:00Z" }] };
    await page.route("**/outbox.json", (route) => route.fulfill({ json: mails }));
    await section("outbox");
    const card = page.locator("#outbox article", { hasText: HOSTILE });
    await card.waitFor();
    same(await card.locator("a").count(), 0);
    await page.unroute("**/outbox.json");
  },
  "shows the masked bodies of a request, and filters by path and status": async () => {
    const session_token = "DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=";
    await call("/v1/sessions/authenticate", { session_token });
    await section("requests");
    const row = page.locator("#requests .row", { hasText: "/v1/sessions/authenticate" }).first();
    await row.locator("summary").first().click();
    const body = row.locator("pre").first();
    await body.waitFor();
    same(JSON.parse(await body.innerText()).session_token, "[masked bd59e6e5baba26b7]");
    same((await page.content()).includes(session_token), false);
    await page.fill("#filter [name=path]", "/v1/b2b/");
    await row.waitFor({ state: "detached" });
    same((await page.locator("#requests .path").allInnerTexts()).every((path) => path.startsWith("/v1/b2b/")), true);
    await page.fill("#filter [name=path]", "");
    await page.selectOption("#filter [name=status]", "4");
    await row.waitFor();
    same((await page.locator("#requests summary .badge").allInnerTexts()).every((status) => status.startsWith("4")), true);
    await page.selectOption("#filter [name=status]", "");
  },
  "keeps the focus, open rows and the scroll position while it refreshes": async () => {
    await section("requests");
    const row = page.locator("#requests .row").nth(3);
    await row.locator("summary").first().click();
    await row.locator("pre").first().waitFor();
    await row.locator("summary").first().focus();
    await page.evaluate(() => {
      globalThis.before = { node: document.activeElement, top: (scrollTo(0, 40), scrollY) };
    });
    await call("/v1/users/search", {});
    await page.locator("#requests .row").first().getByText("/v1/users/search").waitFor();
    const after = await page.evaluate(() => [
      document.activeElement === globalThis.before.node,
      document.activeElement.parentElement.open,
      scrollY >= globalThis.before.top,
    ]);
    deepSame(after, [true, true, true]);
    await page.fill("#filter [name=path]", "/v1/m");
    await refreshed();
    same(await page.inputValue("#filter [name=path]"), "/v1/m");
    await page.fill("#filter [name=path]", "");
  },
  "a fault that is set by hand makes a call fail, until it is cleared": async () => {
    await section("faults");
    await page.fill("#fault [name=path_prefix]", "/v1/users");
    await page.fill("#fault [name=status]", "429");
    await page.locator("#fault button").click();
    await page.locator('nav [data-count="faults"]', { hasText: "1" }).waitFor();
    same((await call("/v1/users/search", {})).status, 429);
    await page.selectOption("#fault [name=kind]", "slow");
    same(await page.locator("#fault [name=status]").isVisible(), false);
    await page.fill("#fault [name=path_prefix]", "/v2");
    await page.locator("#fault button").click();
    same(await page.locator("#fault [name=path_prefix]").evaluate((field) => field.validity.patternMismatch), true);
    const listed = { path_prefix: `/v1/${HOSTILE}`, kind: "slow", times: 2, delay_ms: 50 };
    await control("faults", listed);
    await page.locator("#faults .list", { hasText: `/v1/${HOSTILE}…delay_ms: 50 slow2 more` }).waitFor();
    await page.locator("#clear-faults").click();
    await page.locator("#faults .empty").waitFor();
    same((await call("/v1/users/search", {})).status, 200);
    await page.fill("#fault [name=path_prefix]", "/v1/");
  },
  "the buttons move the clock, and sessions expire": async () => {
    await section("clock");
    const before = Date.parse(await page.locator("#clock time").getAttribute("datetime"));
    await page.getByRole("button", { name: "+1 day" }).click();
    await page.waitForFunction((time) => Date.parse(document.querySelector("#clock time").dateTime) >= time, before + 86_400_000);
    await section("sessions");
    await page.locator("#sessions").getByText("expired").first().waitFor();
    same(await page.locator("#sessions .badge.good").count(), 0);
  },
  "shows how far the clock is from real time, and sets, stops and resets it": async () => {
    await control("clock", { reset: true });
    await control("clock", { advance_seconds: -93_784, tokens: "real-time" });
    await section("clock");
    await page.locator("#clock").getByText("1 day 2 h 3 min 4 s behind real time").waitFor();
    await page.locator("#clock").getByText("tokens are dated by the real clock").waitFor();
    await page.getByRole("button", { name: "Freeze" }).click();
    await page.getByRole("button", { name: "Let it run" }).waitFor();
    same((await control("clock")).frozen, true);
    await page.getByRole("button", { name: "Let it run" }).click();
    await page.getByRole("button", { name: "Freeze" }).waitFor();
    const before = (await control("clock")).offset_seconds;
    await page.getByRole("button", { name: "−1 h" }).click();
    await page.locator("#clock").getByText("1 day 3 h").waitFor();
    same((await control("clock")).offset_seconds, before - 3600);
    await page.fill("#set-clock [name=time]", "2031-05-06T07:08:09");
    await page.getByRole("button", { name: "Set", exact: true }).click();
    await page.locator("#clock time[datetime^='2031-05-06T07:0']").waitFor();
    await page.getByRole("button", { name: "Back to the start" }).click();
    await page.locator("#clock .badge", { hasText: "real time" }).waitFor();
    const { offset_seconds, tokens } = await control("clock");
    deepSame([offset_seconds, tokens], [0, "emulator-time"]);
  },
  "shows the message of a refused change": async () => {
    await page.route("**/_emulator/clock", (route) => route.fulfill({ status: 400, json: { error: "<b>no</b>" } }));
    await section("clock");
    await page.getByRole("button", { name: "+1 h" }).click();
    await page.locator("#problem").waitFor();
    same(await page.locator("#problem").innerText(), "The emulator refused: <b>no</b>.");
    await page.unroute("**/_emulator/clock");
    await page.getByRole("button", { name: "+1 min" }).click();
    await page.locator("#problem").waitFor({ state: "hidden" });
  },
  "works with the keyboard, and every control has a name": async () => {
    // With a fragment, a browser may start the order of the Tab key at the section.
    await page.goto(`${emulator.url}/`);
    await page.reload();
    // Before the first answer, the page may not have the focus yet.
    await page.locator("#status", { hasText: "Running" }).waitFor();
    await page.keyboard.press("Tab");
    same(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
    await page.getByRole("link", { name: "Faults" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Faults", exact: true }).waitFor();
    for (const name of ["Path starts with", "Kind", "Times"]) same(await page.getByLabel(name).count(), 1, name);
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll("button, input, select, a")].filter((control) => !(control.textContent.trim() || control.labels?.length)).length,
    );
    same(unnamed, 0);
  },
  "copies code, and code of each SDK has the address": async () => {
    await section("project");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator("#project .copy").first().click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    same(copied.includes(`STYTCH_BASE_URL=${emulator.url}`), true);
    same((await page.locator("#project pre").allTextContents()).every((code) => code.includes(emulator.url)), true);
  },
  "fits a phone without scrolling sideways": async () => {
    const phone = await open({ width: 390, height: 844 });
    for (const name of ["outbox", "users", "organizations", "sessions", "apps", "fraud", "requests", "faults", "clock", "project"]) {
      await phone.goto(`${emulator.url}/#${name}`);
      await phone.locator(`#${name} .list > *`).first().waitFor();
      await phone.evaluate((name) => document.querySelectorAll(`#${name} details`).forEach((row) => (row.open = true)), name);
      const extra = await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      same(extra <= 0, true, `${name} is ${extra} px too wide`);
    }
    await phone.context().close();
  },
  "the policy stops inline scripts and HTML": async () => {
    const other = await browser.newPage();
    await other.goto(emulator.url);
    const outcome = await other.evaluate(() => {
      const script = document.createElement("p");
      try {
        script.innerHTML = "<b>x</b>";
        return "parsed";
      } catch (error) {
        return error.name;
      }
    });
    same(outcome, "TypeError");
    await other.evaluate(() => {
      const button = document.createElement("button");
      button.setAttribute("onclick", "globalThis.ran = true");
      document.body.append(button);
      button.click();
    }).catch(() => undefined);
    same(await other.evaluate(() => globalThis.ran), undefined);
    await other.close();
  },
  "says that the emulator has stopped, and recovers": async () => {
    await page.route("**/_emulator/state.json", (route) => route.abort());
    await page.locator("#stopped").waitFor();
    same(await page.locator("#status").innerText(), "Stopped");
    await page.unroute("**/_emulator/state.json");
    await page.locator("#stopped").waitFor({ state: "hidden" });
  },
  "resets only after a confirmation": async () => {
    const sent = [];
    page.on("request", (request) => request.url().endsWith("/_emulator/reset") && sent.push(request.method()));
    await page.locator("#reset").click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.locator("#reset").click();
    await page.keyboard.press("Escape");
    deepSame(sent, []);
    await page.locator("#reset").click();
    await page.locator("#confirm").getByRole("button", { name: "Reset" }).click();
    await section("users");
    await page.locator("#users .empty").waitFor();
    deepSame(sent, ["POST"]);
    same((await call("/v1/users/search", {})).body.results_metadata.total, 0);
  },
  "sends no request to another origin, and writes nothing to the console": async () => same(problems.join("\n"), ""),
};

const results = await runOwn(tests);
if (process.env.STYTCH_SCREENSHOTS) {
  // The last test has removed all data.
  await fill(emulator, call);
  await takeScreenshots(browser, emulator, process.env.STYTCH_SCREENSHOTS);
}
await browser.close();
await end();
report(results, Object.keys(tests).length);

/** Opens the page's origin in a new context and records what must not happen. */
async function open(viewport = { width: 1280, height: 800 }) {
  const opened = await (await browser.newContext({ viewport })).newPage();
  opened.setDefaultTimeout(10_000);
  opened.on("pageerror", (error) => problems.push(String(error)));
  opened.on("console", (message) => {
    // Chromium itself reports the requests that the tests abort or refuse.
    if (!message.text().startsWith("Failed to load resource")) problems.push(message.text());
  });
  opened.on("request", (request) => {
    if (!request.url().startsWith(`${emulator.url}/`) && !request.url().startsWith("data:")) problems.push(request.url());
  });
  return opened;
}

async function section(name) {
  if (!page.url().startsWith(`${emulator.url}/`)) await page.goto(emulator.url);
  await page.locator(`nav a[href="#${name}"]`).click();
  await page.locator(`#${name} .list > *`).first().waitFor();
}

function refreshed() {
  return page.waitForResponse("**/_emulator/state.json");
}

/** Calls a control route: reads it, or sends the body. Returns the answer. */
async function control(name, body) {
  const response = await fetch(`${emulator.url}/_emulator/${name}`, body && { method: "POST", body: JSON.stringify(body) });
  return response.json();
}

/** Calls the API. Returns the status and the body. */
async function call(path, body, product = "consumer", method = "POST") {
  const { project_id, secret } = emulator[product];
  const authorization = `Basic ${Buffer.from(`${project_id}:${secret}`).toString("base64")}`;
  const response = await fetch(`${emulator.url}${path}`, { method, body: JSON.stringify(body), headers: { authorization } });
  return { status: response.status, body: await response.json() };
}
