import { admin } from "../guards.server";
import type { Route } from "./+types/admin";

export const middleware: Route.MiddlewareFunction[] = [admin];

export const loader = () => null;
export const action = () => null;

export default function Page() {
  return <main>never</main>;
}
