import { Client } from "stytch-edge";

const client = Client.fromEnv(process.env);
const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

export async function guarded(request: Request, next: (user_id: string) => Response) {
  const verdict = await client.authenticateRequest(request);
  const { headers } = verdict;
  if (verdict.status !== "authenticated") return new Response("Log in first", { status: STATUS[verdict.status], headers });
  const response = next(verdict.session.user_id);
  for (const [name, value] of headers) response.headers.append(name, value);
  return response;
}
