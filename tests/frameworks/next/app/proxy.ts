import { NextResponse, type NextRequest } from "next/server";
import { refusal } from "stytch-edge";

import { client } from "./app/session";

export async function proxy(request: NextRequest) {
  const verdict = await client().authenticateRequest(request);
  if (verdict.status !== "authenticated") return refusal(verdict);
  return NextResponse.next({ headers: verdict.headers });
}

export const config = { matcher: "/account" };
