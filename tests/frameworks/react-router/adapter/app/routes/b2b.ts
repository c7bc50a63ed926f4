import { logInRoutes } from "stytch-edge/routes";

import { members, options } from "../session.server";
import type { Route } from "./+types/b2b";

const logIn = logInRoutes(members, { ...options, base: "/b2b", methods: { ...options.methods, sso: true, mfa: ["totp"] } });
const respond = async ({ request }: Route.LoaderArgs | Route.ActionArgs) => (await logIn(request)) ?? new Response(null, { status: 404 });

export { respond as action, respond as loader };
