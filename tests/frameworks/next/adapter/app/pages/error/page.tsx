import { requireSession } from "stytch-edge/next";

import { client } from "../../session";

export default async function Broken() {
  await requireSession(client, { log_in: "/login" });
  throw new Error("broken");
}
