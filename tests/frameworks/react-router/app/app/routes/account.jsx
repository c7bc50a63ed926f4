import { data } from "react-router";

import { client, STATUS } from "../session.server";

export async function loader({ request }) {
  const { status, session, headers } = await client.authenticateRequest(request);
  if (status !== "authenticated") throw data("Log in first", { status: STATUS[status], headers });
  return data({ user_id: session.user_id }, { headers });
}

export default function Account({ loaderData }) {
  return <p>Hello {loaderData.user_id}</p>;
}
