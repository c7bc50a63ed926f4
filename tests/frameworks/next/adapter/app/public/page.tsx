import { session } from "stytch-edge/next";

import { client } from "../session";

export default async function Public() {
  const user = await session(client);
  return <main>{`Hello ${user?.user_id ?? "you"}`}</main>;
}
