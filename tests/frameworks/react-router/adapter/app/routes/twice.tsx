import { guard } from "../guards.server";
import type { Route } from "./+types/twice";

export const middleware: Route.MiddlewareFunction[] = [guard];

export const loader = ({ context }: Route.LoaderArgs) => ({ user_id: context.get(guard.session).user_id });

export default function Page({ loaderData }: Route.ComponentProps) {
  return <main>{`Hello ${loaderData.user_id}`}</main>;
}
