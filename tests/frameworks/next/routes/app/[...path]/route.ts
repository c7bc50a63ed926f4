// The routes of tests/frameworks/adapter-checks.mjs and tests/frameworks/log-in-checks.mjs by `guardRoute`, without a proxy.

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { NextResponse } from "next/server";
import { guardRoute } from "stytch-edge/next";

import { client, members, unreachable } from "../log-ins";

type Context = { params: Promise<{ path: string[] }> };

const options = { log_in: "/login" };
const hello = guardRoute(client, (_request, { session }) => new Response(`Hello ${session.user_id}`), options);
const stream = (text: string) => new Response(new Blob([text]).stream());

const ROUTES: Record<string, (request: Request, context: Context) => Promise<Response>> = {
  account: guardRoute(client, (_request, { session, verdict }) => new Response(`Hello ${session.user_id} ${verdict.status === "authenticated"}`), options),
  "nested/me": hello,
  redirect: guardRoute(client, (request) => NextResponse.redirect(new URL("/elsewhere", request.url)), options),
  thrown: guardRoute(client, () => redirect("/elsewhere"), options),
  theme: guardRoute(
    client,
    async () => {
      (await cookies()).set("theme", "dark").delete("stytch_session");
      return new Response("theme");
    },
    options,
  ),
  stream: guardRoute(client, (_request, { session }) => stream(`Hello ${session.user_id}`), options),
  error: guardRoute(client, () => new Response("broken", { status: 500 }), options),
  "own-cookie": guardRoute(client, () => new Response("own", { headers: { "Set-Cookie": "theme=dark", "Cache-Control": "public" } }), options),
  logout: guardRoute(client, () => new Response("out", { headers: client().clearSessionHeaders() }), options),
  public: guardRoute(client, (_request, { session }) => new Response(`Hello ${session?.user_id ?? "you"}`), { optional: true }),
  admin: guardRoute(client, () => new Response("admin"), { ...options, required_claims: { role: "admin" } }),
  outage: guardRoute(unreachable, () => new Response("never"), options),
  login: hello,
  member: guardRoute(members, (_request, { session }) => new Response(`Hello ${session.member_id}`)),
};

async function route(request: Request, context: Context) {
  const its = ROUTES[(await context.params).path.join("/")];
  return its ? its(request, context) : new Response("not found", { status: 404 });
}

export { route as GET, route as POST };
