import { connection } from "next/server";

import { client } from "../session";

export async function GET() {
  await connection();
  return new Response("out", { headers: client().clearSessionHeaders() });
}
