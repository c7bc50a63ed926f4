import { Client } from "stytch-edge";

export const runtime = "edge";

const client = Client.fromEnv(process.env);
const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

export async function GET(request: Request) {
  const verdict = await client.authenticateRequest(request);
  const { headers } = verdict;
  if (verdict.status !== "authenticated") return new Response("Log in first", { status: STATUS[verdict.status], headers });
  return new Response(`Hello ${verdict.session.user_id}`, { headers });
}
