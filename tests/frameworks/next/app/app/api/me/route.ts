import { client } from "../../session";

const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

export async function GET(request: Request) {
  const verdict = await client.authenticateRequest(request);
  const { headers } = verdict;
  if (verdict.status !== "authenticated") return new Response("Log in first", { status: STATUS[verdict.status], headers });
  return new Response(`Hello ${verdict.session.user_id}`, { headers });
}
