import { data } from "react-router";

export const loader = () => {
  throw data("missing", { status: 404 });
};

export default function Page() {
  return <main>never</main>;
}
