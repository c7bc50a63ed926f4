import { sessionProxy } from "stytch-edge/next";

import { client } from "./app/session";

export const proxy = sessionProxy(client, { log_in: "/login" });

export const config = { matcher: "/account" };
