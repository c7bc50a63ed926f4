import { env } from "cloudflare:workers";
import { B2BClient, Client } from "stytch-edge";

const own = { methods: { magic_link: true, oauth: ["google"], password: true }, pages: { logged_in: "/home", logged_out: "/goodbye" } };

/** The options of the log-in routes. The variables are absent when the app is built. */
export const options = { ...own, origin: env.ORIGIN ?? "https://app.example.com" };

export const client = () => Client.fromEnv(env, { public_token: env.PUBLIC_TOKEN });
export const unreachable = () => Client.fromEnv(env, { custom_base_url: "http://127.0.0.1:9", retries: 0 });
export const members = () =>
  new B2BClient({ project_id: env.B2B_PROJECT_ID!, secret: env.B2B_SECRET!, public_token: env.B2B_PUBLIC_TOKEN, custom_base_url: env.STYTCH_BASE_URL });
