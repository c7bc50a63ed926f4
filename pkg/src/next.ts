// Next.js, App Router: a proxy, and the session in server components, route handlers and server actions. The proxy refreshes
// the session once, and passes the new JWT to the render in the cookies of the request.

export type { GuardOptions, SessionOf } from "./adapters/guard.js";
export { setCookies, type CookiesToSet } from "./next/cookies.js";
export { logInRoutes, type LogInHandlers } from "./next/log_in.js";
export { sessionProxy, type Guarded, type SessionProxyOptions } from "./next/proxy.js";
export { guardRoute, type GuardRouteOptions } from "./next/route.js";
export { logOut, requireSession, session, type LogOutOf, type RequireSessionOptions } from "./next/session.js";
