import { logInRoutes } from "stytch-edge/routes";

import { client, options } from "../session.server";
import type { Route } from "./+types/auth";

const logIn = logInRoutes(client, options);
const respond = async ({ request }: Route.LoaderArgs | Route.ActionArgs) => (await logIn(request)) ?? new Response(null, { status: 404 });

export { respond as action, respond as loader };
