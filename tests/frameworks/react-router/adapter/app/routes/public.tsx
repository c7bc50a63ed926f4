import { optional } from "../guards.server";
import type { Route } from "./+types/public";

export const loader = ({ context }: Route.LoaderArgs) => ({ user_id: context.get(optional.session)?.user_id ?? "you" });

export default function Page({ loaderData }: Route.ComponentProps) {
  return <main>{`Hello ${loaderData.user_id}`}</main>;
}
