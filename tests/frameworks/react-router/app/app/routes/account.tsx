import { guard } from "../guard.server";
import type { Route } from "./+types/account";

export const middleware: Route.MiddlewareFunction[] = [guard];

export const loader = ({ context }: Route.LoaderArgs) => ({ user_id: context.get(guard.session).user_id });

export default function Account({ loaderData }: Route.ComponentProps) {
  return <p>Hello {loaderData.user_id}</p>;
}
