// The routes of tests/frameworks/adapter-checks.mjs and tests/frameworks/log-in-checks.mjs in a Worker without a framework.

import { env } from "cloudflare:workers";
import { B2BClient, Client, withSession } from "stytch-edge";
import { logInRoutes } from "stytch-edge/routes";

const members = ({ B2B_PROJECT_ID: project_id, B2B_SECRET: secret, B2B_PUBLIC_TOKEN: public_token, STYTCH_BASE_URL: custom_base_url }) =>
  new B2BClient({ project_id, secret, public_token, custom_base_url });
const users = (env) => Client.fromEnv(env, { public_token: env.PUBLIC_TOKEN });
const unreachable = (env) => Client.fromEnv(env, { custom_base_url: "http://127.0.0.1:9", retries: 0 });

const own = {
  origin: env.ORIGIN,
  methods: { magic_link: true, oauth: ["google"], password: true },
  pages: { logged_in: "/home", logged_out: "/goodbye" },
};
const logIns = [
  logInRoutes(users, own),
  logInRoutes(users, { ...own, base: "/confirm", confirm: true }),
  logInRoutes(unreachable, { ...own, base: "/down" }),
  logInRoutes(members, { ...own, base: "/b2b", methods: { ...own.methods, sso: true, mfa: ["totp"] } }),
];
const log_in = "/login";
const hello = withSession((_request, { session }) => new Response(`Hello ${session.user_id}`), { client: users, log_in });
const pages = {
  "/account": withSession((_request, { session, status }) => new Response(`Hello ${session.user_id} ${status === "authenticated"}`), { client: users, log_in }),
  "/nested/me": hello,
  "/redirect": withSession(({ url }) => Response.redirect(new URL("/elsewhere", url)), { client: users, log_in }),
  "/stream": withSession((_request, { session }) => new Response(new Blob([`Hello ${session.user_id}`]).stream()), { client: users, log_in }),
  "/error": withSession(() => new Response("broken", { status: 500 }), { client: users, log_in }),
  "/own-cookie": withSession(() => new Response("own", { headers: { "Set-Cookie": "theme=dark", "Cache-Control": "public" } }), { client: users, log_in }),
  "/logout": withSession((_request, _verdict, env) => new Response("out", { headers: users(env).clearSessionHeaders() }), { client: users, log_in }),
  "/public": withSession((_request, { session }) => new Response(`Hello ${session?.user_id ?? "you"}`), { client: users, optional: true }),
  "/admin": withSession(() => new Response("admin"), { client: users, log_in, required_claims: { role: "admin" } }),
  "/outage": withSession(() => new Response("never"), { client: unreachable, log_in }),
  "/login": hello,
  "/member": withSession((_request, { member_session }) => new Response(`Hello ${member_session.member_id}`), { client: members }),
};

export default {
  async fetch(request, env, context) {
    for (const logIn of logIns) {
      const response = await logIn(request, env);
      if (response) return response;
    }
    // Otherwise Vite's development server responds with an error to the request after a body that was not read.
    await request.arrayBuffer();
    const page = pages[new URL(request.url).pathname];
    return page ? page(request, env, context) : new Response("not found", { status: 404 });
  },
};
