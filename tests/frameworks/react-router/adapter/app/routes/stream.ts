import { guard } from "../guards.server";
import type { Route } from "./+types/stream";

export const loader = ({ context }: Route.LoaderArgs) => new Response(new Blob([`Hello ${context.get(guard.session).user_id}`]).stream());
