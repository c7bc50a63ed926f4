// Cookies on every response of h3, of Node or not. Nitro has its own response for workers and for the server's requests to itself:
// it has the methods of Node's response for headers, but does not write a head. Does not know h3.

import { notSetBy } from "../set_cookies.js";
import type { NodeResponse } from "./node.js";

/** The methods of a response that change headers. */
export interface HeaderResponse extends NodeResponse {
  appendHeader(name: string, value: string | string[]): unknown;
  removeHeader(name: string): unknown;
}

/**
 * Adds these `Set-Cookie` lines to a response, and keeps them there, whichever headers a route, a redirect or an error page sets
 * later. A cookie that the response sets or clears itself stays unchanged. A page of a session is not stored unless the route sets
 * `Cache-Control`: after a log-out, the back button would display it.
 */
export function keepCookies(response: HeaderResponse, lines: string[], hasSession: boolean): void {
  const { setHeader, appendHeader, removeHeader } = response;
  if (lines.length === 0) {
    if (hasSession && !response.getHeader("cache-control")) response.setHeader("cache-control", "no-store");
    return;
  }
  const listed = (values: number | string | readonly string[] = []): string[] => [values].flat().map(String);
  const write = (own: string[]) => setHeader.call(response, "set-cookie", [...own, ...notSetBy(own, lines)]);
  const change = (name: string, otherwise: () => unknown, cookies: () => string[]) => {
    const key = name.toLowerCase();
    if (key === "set-cookie") write(cookies());
    // A shared cache must not return the cookies to another user.
    else if (key !== "cache-control") otherwise();
    return response;
  };
  const own = () => listed(response.getHeader("set-cookie")).filter((line) => !lines.includes(line));
  response.setHeader = (name, value) => change(name, () => setHeader.call(response, name, value), () => listed(value));
  response.appendHeader = (name, value) => change(name, () => appendHeader.call(response, name, value), () => [...own(), ...listed(value)]);
  response.removeHeader = (name) => change(name, () => removeHeader.call(response, name), () => []);
  write(own());
  setHeader.call(response, "cache-control", "no-store");
}
