import { redirect } from "react-router";

export const loader = () => redirect("/elsewhere");

export default function Page() {
  return <main>never</main>;
}
