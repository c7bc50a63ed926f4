import { Form, Link, useFetcher } from "react-router";

import { guard } from "../guards.server";
import type { Route } from "./+types/actions";

export const loader = ({ context }: Route.LoaderArgs) => context.get(guard.session).user_id;

export const action = async ({ context, request }: Route.ActionArgs) => `${(await request.formData()).get("name")} by ${context.get(guard.session).user_id}`;

export default function Page({ loaderData, actionData }: Route.ComponentProps) {
  const fetcher = useFetcher<string>();
  return (
    <>
      <output>{`${loaderData}, ${actionData}, ${fetcher.data}`}</output>
      <Form method="post">
        <button name="name" value="form">
          Form
        </button>
      </Form>
      <fetcher.Form method="post">
        <button name="name" value="fetcher">
          Fetcher
        </button>
      </fetcher.Form>
      <Link to="/admin">Admin</Link>
    </>
  );
}
