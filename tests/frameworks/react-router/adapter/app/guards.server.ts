import { authenticated } from "stytch-edge/react-router";

import { client, members, unreachable } from "./session.server";

export const guard = authenticated(client, { log_in: "/login" });
export const optional = authenticated(client, { optional: true });
export const admin = authenticated(client, { log_in: "/login", required_claims: { role: "admin" } });
export const outage = authenticated(unreachable, { log_in: "/login" });
export const member = authenticated(members);
export const refused = authenticated(client, { refused: (_verdict, { url }) => Response.redirect(new URL("/start", url)) });
