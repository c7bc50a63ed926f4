import { guardRoute } from "stytch-edge/next";

import { client } from "../../session";

export const GET = guardRoute(client, (_request, { session }) => Response.json(session));
