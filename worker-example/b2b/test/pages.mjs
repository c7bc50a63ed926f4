// @ts-check
// What the tests read from pages, e-mails and the emulated API.

import { strict as assert } from "node:assert";

/** @typedef {import("../../test/servers.mjs").Api} Api */
/** @typedef {{ status: number, headers: Headers, body: string }} Answer */

/** The page to which a response redirects. @param {Answer} answer */
export function to({ status, headers, body }) {
  assert.equal(status, 303, body);
  return headers.get("location");
}

/** The organization of the session on the start page. @param {Answer} answer */
export function organizationOn({ body }) {
  const [, id] = /\/organizations\/(organization-[\w-]+)\/security/.exec(body) ?? assert.fail(body);
  return id;
}

/**
 * Requests a link, and returns its path and query.
 * @param {Api} api @param {import("../../test/browser.mjs").Browser} browser @param {string} email @param {Record<string, string>} [more]
 */
export async function linkTo(api, browser, email, more) {
  assert.equal(to(await browser.post("/auth/magic-link", { email, ...more })), "/login?sent=1");
  return pathOf(await api.newestLink(email));
}

/**
 * Logs in at the provider's page of the emulator. `start` is the response of the Worker. Returns the path to which the provider
 * redirects.
 * @param {Answer} start @param {string} email_address @param {string} url the Worker's
 */
export async function atGoogle(start, email_address, url) {
  let [page, sent] = [to(start) ?? "", /** @type {RequestInit} */ ({})];
  for (;;) {
    const answer = await fetch(page, { ...sent, redirect: "manual" });
    const location = answer.headers.get("location");
    if (location) {
      [page, sent] = [String(new URL(location, page)), {}];
      if (page.startsWith(`${url}/`)) return pathOf(page);
      continue;
    }
    const body = await answer.text();
    assert.equal(answer.status, 200, body);
    assert.ok(!sent.method, "the provider displays its form again");
    const [, action] = /<form method="post" action="([^"]*)"/.exec(body) ?? assert.fail(body);
    const hidden = [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [name, unescaped(value)]);
    const fields = new URLSearchParams({ ...Object.fromEntries(hidden), email_address, name: "A member" });
    [page, sent] = [String(new URL(unescaped(action), page)), { method: "POST", body: fields }];
  }
}

/** Makes a user a member of an organization. @param {Api} api @param {string} organization_id @param {string} email_address */
export async function invite(api, organization_id, email_address) {
  const authorization = `Basic ${btoa(`${api.b2b.project_id}:${api.b2b.secret}`)}`;
  const headers = { authorization, "content-type": "application/json" };
  const body = JSON.stringify({ email_address });
  const answer = await fetch(`${api.url}/v1/b2b/organizations/${organization_id}/members`, { method: "POST", headers, body });
  assert.equal(answer.status, 200);
}

/** @param {string} url */
function pathOf(url) {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** @param {string} text */
const unescaped = (text) => text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name) => ({ lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" })[name] ?? "");
