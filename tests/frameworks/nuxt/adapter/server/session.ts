import type { H3Event } from "h3";
import { B2BClient, Client } from "stytch-edge";

declare const process: { env: Record<string, string | undefined> };

const { env } = process;
const envOf = (event: H3Event) => event.context.cloudflare?.env;

export const client = (event: H3Event) => Client.fromEnv(envOf(event), { public_token: env.PUBLIC_TOKEN });
export const unreachable = (event: H3Event) => Client.fromEnv(envOf(event), { custom_base_url: "http://127.0.0.1:9", retries: 0 });
export const members = () =>
  new B2BClient({ project_id: env.B2B_PROJECT_ID!, secret: env.B2B_SECRET!, public_token: env.B2B_PUBLIC_TOKEN, custom_base_url: env.STYTCH_BASE_URL });

const own = { methods: { magic_link: true, oauth: ["google"], password: true }, pages: { logged_in: "/home", logged_out: "/goodbye" } };

/** The options of the log-in routes. The variables are absent when the app is built. */
export const options = { ...own, origin: env.ORIGIN ?? "https://app.example.com" };
