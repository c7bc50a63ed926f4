import type { NextRequest } from "next/server";
import { NextResponse } from "next/server";
import { Client } from "stytch-edge";
import { sessionProxy } from "stytch-edge/next";

import { client } from "./app/session";

const unreachable = () => Client.fromEnv(undefined, { custom_base_url: "http://127.0.0.1:9", retries: 0 });
const guard = sessionProxy(client, { log_in: "/login" });
const optional = sessionProxy(client, { optional: true });

const GUARDS: Record<string, typeof guard> = {
  "/public": optional,
  "/": optional,
  "/actions": optional,
  "/admin": sessionProxy(client, { log_in: "/login", required_claims: { role: "admin" } }),
  "/outage": sessionProxy(unreachable, { log_in: "/login" }),
  "/rewritten": sessionProxy(client, { passed: (request: NextRequest) => NextResponse.rewrite(new URL("/account", request.url)) }),
};

export function proxy(request: NextRequest) {
  const { pathname, searchParams } = request.nextUrl;
  // The page to which redirects lead.
  if (pathname === "/login" && searchParams.has("return_to")) return NextResponse.next();
  return (GUARDS[pathname] ?? guard)(request);
}

export const config = { matcher: "/((?!_next/).*)" };
