import { headers } from "next/headers";
import { requireSession } from "stytch-edge/next";

import { client } from "../session";

export default async function Account() {
  const { user_id } = await requireSession(client, { log_in: "/login" });
  // A proxy changes the request for the render, and its headers must not reach other places.
  const isClean = ![...(await headers()).keys()].some((name) => name.startsWith("x-middleware-request"));
  return <main>{`Hello ${user_id} ${isClean}`}</main>;
}
