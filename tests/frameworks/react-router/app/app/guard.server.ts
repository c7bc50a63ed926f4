import { Client } from "stytch-edge";
import { authenticated } from "stytch-edge/react-router";

export const client = () => Client.fromEnv();
export const guard = authenticated(client, { log_in: "/login" });
