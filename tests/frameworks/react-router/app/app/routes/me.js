import { client, STATUS } from "../session.server";

export async function loader({ request }) {
  const { status, session, headers } = await client.authenticateRequest(request);
  if (status !== "authenticated") return new Response("Log in first", { status: STATUS[status], headers });
  return new Response(`Hello ${session.user_id}`, { headers });
}
