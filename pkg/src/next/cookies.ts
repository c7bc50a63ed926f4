// Cookies in Next.js: sets the cookies of results by `cookies()`, and reads the cookies of the request, with the changes of a
// server action.

import { cookies, headers } from "next/headers";
import { NextRequest } from "next/server";

import type { RequestLike } from "../request_headers.js";
import { cookiesIn, oneForEachName, setCookiesOf } from "../set_cookies.js";
import type { CookieToSet } from "../verdicts.js";

/** Cookies to set: `Headers` with `Set-Cookie`, or a verdict or the result of a log-in, or its `cookies`. */
export type CookiesToSet = Headers | { readonly cookies: readonly CookieToSet[] } | readonly CookieToSet[];

/**
 * Sets or clears cookies in a server action or a route handler. Next refuses it in a server component.
 *
 * ```ts
 * const result = await client().passwords.authenticate({ email, password, session_duration_minutes: 60 });
 * await setCookies(client().sessionHeaders(result));
 * redirect("/account");
 * ```
 */
export async function setCookies(from: CookiesToSet): Promise<void> {
  const jar = await cookies();
  for (const { name, value, attributes } of oneForEachName(listed(from))) jar.set(name, value, attributes);
}

/** The headers of the request that is being handled. The cookies include the changes of a server action. */
export async function currentRequest(): Promise<RequestLike> {
  const [own, jar] = [new Headers(await headers()), await cookies()];
  // `cookies()` has one cookie for each name, and `headers()` has all cookies of the browser, without changes.
  const sent = new NextRequest("http://localhost", { headers: own }).cookies;
  if (textOf(sent) !== textOf(jar)) own.set("cookie", textOf(jar));
  return { headers: own };
}

function listed(from: CookiesToSet): readonly CookieToSet[] {
  if (typeof (from as Headers).get === "function") return cookiesIn(setCookiesOf(from as Headers).map((line) => ["Set-Cookie", line]));
  return "cookies" in from ? from.cookies : (from as readonly CookieToSet[]);
}

/**
 * The cookies as a `Cookie` header. Next has decoded their values: a semicolon in a value would add a cookie of any name, even with
 * the prefix `__Host-`, and a value that a header cannot contain would throw. Session cookies have no such values.
 */
function textOf(jar: { getAll(): { name: string; value: string }[] }): string {
  const sent = jar.getAll().filter(({ value }) => /^[ -:<-~]*$/.test(value));
  return sent.map(({ name, value }) => `${name}=${value}`).join("; ");
}
