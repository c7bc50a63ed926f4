import { logInRoutes } from "stytch-edge/routes";
import { client } from "../guard.server";
import type { Route } from "./+types/auth";

const logIn = logInRoutes(client, { origin: "https://app.example.com", methods: { magic_link: true } });
const respond = async ({ request }: Route.LoaderArgs | Route.ActionArgs) => (await logIn(request)) ?? new Response(null, { status: 404 });
export { respond as action, respond as loader };
