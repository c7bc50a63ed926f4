// A browser without scripts: it follows the redirects of the emulator, and submits the forms of its pages. It stops at the
// URL of an application, which does not exist.

/** Opens a URL of the emulator. */
export function open(url) {
  return follow(new URL(url));
}

/** Submits the form of a page with its hidden fields. `fields` are the fields that a person fills in. */
export function submit(page, fields = {}) {
  const [, action] = page.html.match(/<form method="post" action="([^"]*)"/);
  const form = new URLSearchParams(hiddenFields(page));
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return follow(new URL(unescaped(action), page.url), { method: "POST", body: form });
}

/** The hidden fields of a page, by their names. */
export function hiddenFields({ html }) {
  const inputs = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return Object.fromEntries([...inputs].map(([, name, value]) => [name, unescaped(value)]));
}

/** Returns the URL at which the browser stops, and unless it is a URL of an application, the status and the text. */
async function follow(url, init = {}) {
  const { origin } = url;
  for (let step = 0; step < 5; step += 1) {
    const response = await fetch(url, { ...init, redirect: "manual" });
    const location = response.headers.get("location");
    if (!location) return { url, status: response.status, html: await response.text() };
    url = new URL(location, url);
    if (url.origin !== origin) return { url };
    init = {};
  }
  throw new Error(`too many redirects: ${url}`);
}

const ESCAPES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };
const unescaped = (text) => text.replace(/&(?:lt|gt|quot|#39|amp);/g, (escape) => ESCAPES[escape]);
