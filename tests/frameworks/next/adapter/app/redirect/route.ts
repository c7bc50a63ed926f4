import { redirect } from "next/navigation";
import { requireSession } from "stytch-edge/next";

import { client } from "../session";

export async function GET() {
  await requireSession(client, { log_in: "/login" });
  redirect("/elsewhere");
}
