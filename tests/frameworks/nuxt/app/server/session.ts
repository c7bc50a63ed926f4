import type { H3Event } from "h3";
import { Client } from "stytch-edge";

export const client = (event: H3Event) => Client.fromEnv(event.context.cloudflare?.env);
