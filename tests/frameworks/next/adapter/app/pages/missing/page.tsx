import { notFound } from "next/navigation";
import { requireSession } from "stytch-edge/next";

import { client } from "../../session";

export default async function Missing() {
  await requireSession(client, { log_in: "/login" });
  notFound();
}
