import { requireSession } from "stytch-edge/next";

import { client } from "../session";

export default async function Account() {
  const { user_id } = await requireSession(client, { log_in: "/login" });
  return <p>Hello {user_id}</p>;
}
