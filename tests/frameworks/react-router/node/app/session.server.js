import { Client } from "stytch-edge";

export const client = Client.fromEnv(process.env);
export const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };
