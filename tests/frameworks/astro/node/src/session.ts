import { Client } from "stytch-edge";

export const client = () => Client.fromEnv();
