import { guard } from "../guard.server";
import type { Route } from "./+types/me";

export const middleware: Route.MiddlewareFunction[] = [guard];

export const loader = ({ context }: Route.LoaderArgs) => new Response(`Hello ${context.get(guard.session).user_id}`);
