import { outage } from "../guards.server";
import type { Route } from "./+types/outage";

export const middleware: Route.MiddlewareFunction[] = [outage];

export const loader = () => null;
export const action = () => null;

export default function Page() {
  return <main>never</main>;
}
