// The routes of tests/frameworks/log-in-checks.mjs in a Worker without a framework.

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
const hello = (id) => new Response(`Hello ${id}`, { headers: { "Cache-Control": "no-store" } });
const pages = {
  "/account": withSession((_request, { session }) => hello(session.user_id), {
    client: users,
    refused: () => new Response(null, { status: 303, headers: { Location: "/login?return_to=%2Faccount" } }),
  }),
  "/member": withSession((_request, { member_session }) => hello(member_session.member_id), { client: members }),
};

export default {
  async fetch(request, env, context) {
    for (const logIn of logIns) {
      const response = await logIn(request, env);
      if (response) return response;
    }
    const page = pages[new URL(request.url).pathname];
    return page ? page(request, env, context) : new Response("not found", { status: 404 });
  },
};
