// @ts-check
// A minimal browser: it keeps cookies, and does not follow redirects, so that a test can check each response.

import { strict as assert } from "node:assert";
import { request } from "node:http";
import { text } from "node:stream/consumers";

export class Browser {
  /** @type {Record<string, string>} */
  cookies = {};
  #url;

  /** @param {string} url @param {Record<string, string | undefined>} [cookies] */
  constructor(url, cookies = {}) {
    this.#url = url;
    for (const [name, value] of Object.entries(cookies)) if (value !== undefined) this.cookies[name] = value;
  }

  /** @param {string} path */
  get(path) {
    return this.send("GET", path);
  }

  /** Sends a form with the `Origin` header of a browser. @param {string} path @param {Record<string, string>} fields */
  post(path, fields, origin = this.#url) {
    return this.send("POST", path, { origin }, new URLSearchParams(fields));
  }

  /**
   * @param {string} method @param {string} path
   * @param {Record<string, string>} [headers] @param {string | URLSearchParams} [body]
   */
  async send(method, path, headers = {}, body) {
    const cookie = Object.entries(this.cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join("; ");
    const type = body instanceof URLSearchParams && { "content-type": "application/x-www-form-urlencoded" };
    const own = { accept: "text/html", ...type, ...headers, ...(cookie && { cookie }) };
    const answer = await exchange(this.#url + path, method, own, body && String(body));
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/Max-Age=0(;|$)/.test(set)) delete this.cookies[name];
      else this.cookies[name] = value;
    }
    return answer;
  }
}

/**
 * Sends a request as a page does. `fetch` of Node says in `Sec-Fetch-Mode` that it is a script.
 * @param {string} url @param {string} method @param {Record<string, string>} sent @param {string} [body]
 * @returns {Promise<{ status: number, headers: Headers, body: string }>}
 */
function exchange(url, method, sent, body) {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const outgoing = request(url, { method, headers: sent, signal }, async (answer) => {
      const headers = new Headers();
      for (const [name, values] of Object.entries(answer.headersDistinct)) for (const value of values ?? []) headers.append(name, value);
      resolve({ status: answer.statusCode ?? 0, headers, body: await text(answer) });
    });
    outgoing.on("error", reject).end(body);
  });
}

/** Returns a browser in which a user has logged in. @param {string} url @param {import("./servers.mjs").Api} api */
export async function logIn(url, api) {
  const browser = new Browser(url);
  const email = "grace@example.com";
  await browser.post("/login", { email });
  await browser.get((await api.newestLink(email)).slice(url.length));
  assert.ok(browser.cookies.stytch_session);
  await api.newCalls();
  return browser;
}

/** Returns the number of fetches that the page displays. @param {{ body: string }} page */
export function fetchesOn(page) {
  const [, number] = /data-fetches="(\d+)">\1</.exec(page.body) ?? assert.fail("the page has no number of fetches");
  return Number(number);
}

const ANSWER_MS = 30_000;
