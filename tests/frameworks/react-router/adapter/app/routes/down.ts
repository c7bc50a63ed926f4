import { logInRoutes } from "stytch-edge/routes";

import { unreachable, options } from "../session.server";
import type { Route } from "./+types/down";

const logIn = logInRoutes(unreachable, { ...options, base: "/down" });
const respond = async ({ request }: Route.LoaderArgs | Route.ActionArgs) => (await logIn(request)) ?? new Response(null, { status: 404 });

export { respond as action, respond as loader };
