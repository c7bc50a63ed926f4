import { env } from "cloudflare:workers";
import { Client } from "stytch-edge";

export const client = () => Client.fromEnv(env);
