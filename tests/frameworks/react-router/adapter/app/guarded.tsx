import { Outlet } from "react-router";

import { guard } from "./guards.server";
import type { Route } from "./+types/guarded";

export const middleware: Route.MiddlewareFunction[] = [guard];

// A loader for the check of pages that do not have one of their own.
export const loader = ({ context }: Route.LoaderArgs) => context.get(guard.session)?.user_id ?? "you";

export default function Layout() {
  return <Outlet />;
}
