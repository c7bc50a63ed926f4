import { requireSession } from "stytch-edge/next";

import { client } from "../session";

export async function GET() {
  await requireSession(client, { log_in: "/login" });
  throw new Error("broken");
}
