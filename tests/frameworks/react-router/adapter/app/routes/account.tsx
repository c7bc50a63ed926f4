import { guard } from "../guards.server";
import type { Route } from "./+types/account";

export const action = () => null;

export const loader = ({ context }: Route.LoaderArgs) => ({ user_id: `${context.get(guard.session).user_id} ${context.get(guard.verdict).status === "authenticated"}` });

export default function Page({ loaderData }: Route.ComponentProps) {
  return <main>{`Hello ${loaderData.user_id}`}</main>;
}
