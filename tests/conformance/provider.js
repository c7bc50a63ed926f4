// A user at the page of a provider of the emulator: OAuth, OpenID Connect or SAML. The browser of the user follows redirects by
// itself, because a page of a browser cannot read them, so the application is a path of the emulator.

const fetch = globalThis.fetch;

/** The URL of the application, to which the provider redirects. It does not exist. */
export const callbackOf = ({ url }) => `${url}/_emulator/application`;

/** Logs in at the page that a start URL displays. Returns the query with which the browser returns to the application. */
export async function atProvider(emulator, start, fields) {
  let page = await fetch(start);
  while (!page.url.startsWith(callbackOf(emulator))) {
    const html = await page.text();
    const [, action] = /<form method="post" action="([^"]*)"/.exec(html) ?? [];
    if (action === undefined) throw new Error(`${new URL(page.url).pathname} has no form: ${page.status} ${html.slice(0, 200)}`);
    const hidden = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [name, unescaped(value)]);
    const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields });
    page = await fetch(new URL(unescaped(action), page.url), { method: "POST", body });
  }
  await page.body?.cancel();
  return new URL(page.url).search;
}

const ESCAPES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };
const unescaped = (text) => text.replace(/&(?:lt|gt|quot|#39|amp);/g, (escape) => ESCAPES[escape]);
