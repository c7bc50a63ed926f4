import { env } from "cloudflare:workers";
import { Client } from "stytch-edge";

export const client = Client.fromEnv(env);
export const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };
