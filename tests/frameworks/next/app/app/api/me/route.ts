import { connection } from "next/server";
import { refusal } from "stytch-edge";

import { client } from "../../session";

export async function GET(request: Request) {
  await connection();
  const verdict = await client().authenticateRequest(request);
  if (verdict.status !== "authenticated") return refusal(verdict);
  return Response.json(verdict.session, { headers: verdict.headers });
}
