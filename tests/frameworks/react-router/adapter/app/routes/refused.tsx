import { refused } from "../guards.server";
import type { Route } from "./+types/refused";

export const middleware: Route.MiddlewareFunction[] = [refused];

export const loader = () => null;
export const action = () => null;

export default function Page() {
  return <main>never</main>;
}
