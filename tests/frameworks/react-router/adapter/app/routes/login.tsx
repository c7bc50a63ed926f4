import type { MiddlewareArguments } from "stytch-edge/react-router";

import { guard } from "../guards.server";
import type { Route } from "./+types/login";

export const middleware: Route.MiddlewareFunction[] = [
  // The page to which redirects lead.
  (its: MiddlewareArguments, next: () => Promise<Response>) => (its.url?.searchParams.has("return_to") ? next() : guard(its, next)),
];

export const loader = ({ url }: Route.LoaderArgs) => url.searchParams.get("return_to");

export default function LogIn({ loaderData }: Route.ComponentProps) {
  return <main>{`Log in, then ${loaderData}`}</main>;
}
