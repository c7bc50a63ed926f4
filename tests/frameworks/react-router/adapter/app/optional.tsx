import { Outlet } from "react-router";

import { optional } from "./guards.server";
import type { Route } from "./+types/optional";

export const middleware: Route.MiddlewareFunction[] = [optional];

// A loader for the check of pages that do not have one of their own.
export const loader = ({ context }: Route.LoaderArgs) => context.get(optional.session)?.user_id ?? "you";

export default function Layout() {
  return <Outlet />;
}
