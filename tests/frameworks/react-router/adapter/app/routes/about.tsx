import { optional } from "../guards.server";
import type { Route } from "./+types/about";

/** Rendered at build time. */
export const loader = ({ context }: Route.LoaderArgs) => context.get(optional.session) === null;

export default function About({ loaderData }: Route.ComponentProps) {
  return <main>{loaderData ? "about" : "never"}</main>;
}
