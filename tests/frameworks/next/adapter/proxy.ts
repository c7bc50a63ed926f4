import type { NextRequest } from "next/server";
import { NextResponse } from "next/server";
import { sessionProxy } from "stytch-edge/next";

import { members, unreachable } from "./app/log-ins";
import { client } from "./app/session";

const guard = sessionProxy(client, { log_in: "/login" });
const optional = sessionProxy(client, { optional: true });

const GUARDS: Record<string, typeof guard> = {
  "/public": optional,
  "/": optional,
  "/actions": optional,
  "/admin": sessionProxy(client, { log_in: "/login", required_claims: { role: "admin" } }),
  "/outage": sessionProxy(unreachable, { log_in: "/login" }),
  "/member": sessionProxy(members),
  "/rewritten": sessionProxy(client, { passed: (request: NextRequest) => NextResponse.rewrite(new URL("/account", request.url)) }),
};

export function proxy(request: NextRequest) {
  const { pathname, searchParams } = request.nextUrl;
  // The page to which redirects lead, and the routes of log-ins.
  if ((pathname === "/login" && searchParams.has("return_to")) || LOG_INS.test(pathname)) return NextResponse.next();
  return (GUARDS[pathname] ?? guard)(request);
}

const LOG_INS = /^\/+(auth|confirm|down|b2b|goodbye)/;

export const config = { matcher: "/((?!_next/).*)" };
