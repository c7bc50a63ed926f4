import { env } from "cloudflare:workers";
import { Client } from "stytch-edge";
import { authenticated } from "stytch-edge/react-router";

export const client = () => Client.fromEnv(env);
export const guard = authenticated(client, { log_in: "/login" });
