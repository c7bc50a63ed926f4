import { redirect } from "next/navigation";
import { session } from "stytch-edge/next";

import { client } from "../session";

export default async function Account() {
  const user = await session(client);
  if (!user) redirect("/login");
  return <p>Hello {user.user_id}</p>;
}
