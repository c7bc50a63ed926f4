import { member } from "../guards.server";
import type { Route } from "./+types/member";

export const middleware: Route.MiddlewareFunction[] = [member];

export const loader = ({ context }: Route.LoaderArgs) => new Response(`Hello ${context.get(member.session).member_id}`);
