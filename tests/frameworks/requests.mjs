// Requests with exactly the given headers, and a browser that keeps cookies.

import { request } from "node:http";

/**
 * The headers of a browser that opens a page, of a page without Fetch Metadata, of such a page behind a proxy that calls Node's
 * `fetch`, of a script in a page, and of a program.
 */
export const PAGE = { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
export const OLD_PAGE = { Accept: "text/html,*/*;q=0.8" };
export const PROXIED_PAGE = { ...OLD_PAGE, "Sec-Fetch-Mode": "cors" };
export const SCRIPT = { "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", Accept: "*/*" };
export const PROGRAM = { Accept: "*/*" };

/** A request of Node's `http`: `fetch` adds Fetch Metadata of its own. */
export async function asked(url, headers, { method = "GET", body = "" } = {}) {
  const answer = await new Promise((resolve, reject) => {
    request(url, { method, headers, timeout: LIMIT_MS }, resolve).on("error", reject).end(body);
  });
  const text = Buffer.concat(await answer.toArray()).toString();
  const nameOf = (line) => line.split("=", 1)[0];
  // The last line of a name replaces the others, as in browsers.
  const lines = [...new Map((answer.headers["set-cookie"] ?? []).map((line) => [nameOf(line), line])).values()];
  const isCleared = (line) => /^[^=]+=;/.test(line);
  return {
    status: answer.statusCode,
    header: (name) => answer.headers[name] ?? null,
    // Frameworks of pages add their own HTML.
    body: /<main>(.*?)<\/main>/s.exec(text)?.[1] ?? text,
    get json() {
      return JSON.parse(text);
    },
    lines,
    set: lines.filter((line) => !isCleared(line)).map(nameOf),
    cleared: lines.filter(isCleared).map(nameOf),
  };
}

/** A browser at the app of a URL. It keeps cookies, and does not follow redirects. */
export class Browser {
  #cookies = new Map();

  constructor(url) {
    this.url = url;
  }

  /** The names of its cookies. */
  get names() {
    return [...this.#cookies.keys()].sort();
  }

  /** Opens a page, or a URL of the app. */
  open(path, headers = {}, method = "GET") {
    return this.#send(path, { ...PAGE, "Sec-Fetch-Site": "none", ...headers }, { method });
  }

  /** Submits a form of a page of the same origin. */
  submit(path, fields = {}, headers = {}) {
    const body = String(new URLSearchParams(fields));
    const own = { ...PAGE, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded", ...headers };
    return this.#send(path, own, { method: "POST", body });
  }

  /** A request of a script of the same origin, with JSON. */
  script(path, fields = {}) {
    const own = { ...SCRIPT, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json" };
    return this.#send(path, own, { method: "POST", body: JSON.stringify(fields) });
  }

  async #send(path, headers, init) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    // Browsers send `Origin` with every method but these.
    const all = ["GET", "HEAD"].includes(init.method) ? headers : { Origin: new URL(this.url).origin, ...headers };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    const answer = await asked(path.startsWith("/") ? this.url + path : path, cookie ? { ...given, Cookie: cookie } : given, init);
    for (const line of answer.lines) {
      const [pair, ...attributes] = line.split("; ");
      const at = pair.indexOf("=");
      if (attributes.includes("Max-Age=0")) this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }
}

const LIMIT_MS = 30_000;
