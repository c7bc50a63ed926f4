import { NextResponse, type NextRequest } from "next/server";

import { client } from "./app/session";

const STATUS = { unauthenticated: 401, forbidden: 403, unavailable: 503 };

export async function proxy(request: NextRequest) {
  const { status, headers } = await client.authenticateRequest(request);
  if (status !== "authenticated") return new NextResponse("Log in first", { status: STATUS[status], headers });
  return NextResponse.next({ headers });
}

export const config = { matcher: "/account" };
