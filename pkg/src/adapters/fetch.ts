// The check of a Request of Fetch, and the Response: what the adapters of frameworks with Request and Response share. Does not
// know frameworks.

import { invalid } from "../errors.js";
import type { RequestAuthenticator } from "../handlers.js";
import type { Decision, Guard, RefusedBy, Target } from "./guard.js";

/** How an adapter responds to a request. */
export interface Responses<Its extends RequestAuthenticator> {
  /** Calls the route. */
  passed(decision: Decision<Its>): Response | Promise<Response>;
  /** The caller's own response to requests that are not passed. */
  refused?: ((verdict: RefusedBy<Its>) => Response | Promise<Response>) | undefined;
}

/**
 * The response of the route, or to a request that is refused, without the refreshed cookies.
 * @throws `invalid_argument` if `refused` returns no response: React Router would then run the route.
 */
export async function outcome<Its extends RequestAuthenticator>(
  guard: Guard<Its>,
  decision: Decision<Its>,
  target: Target,
  { passed, refused }: Responses<Its>,
): Promise<Response> {
  if (!decision.refused) return passed(decision);
  const verdict = decision.verdict as RefusedBy<Its>;
  if (!refused) return guard.response(verdict, target);
  const response = await refused(verdict);
  if (typeof response?.headers?.get !== "function" || typeof response.status !== "number") throw invalid("refused must return a Response");
  return response;
}

/** The target of a request. Its URL is read only for a redirect to the log-in page. */
export function targetOf({ method, url, headers }: Request): Target {
  return {
    method,
    get path() {
      const { pathname, search } = new URL(url);
      return pathname + search;
    },
    header: (name) => headers.get(name),
  };
}

/** The target of a request of the framework's own script: a redirect to the log-in page helps, as for the page at `path`. */
export function targetOfScript({ headers }: Request, path: string): Target {
  return { method: "GET", path, header: (name) => (name === "accept" ? "text/html" : name === "authorization" ? headers.get(name) : null) };
}

/** The path of the page that the user sees, if the browser says so. */
export function shownPage({ headers }: Request): string | undefined {
  return /^https?:\/\/[^/]+([^#]*)/.exec(headers.get("referer") ?? "")?.[1];
}
