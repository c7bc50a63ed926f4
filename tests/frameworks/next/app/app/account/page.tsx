import { headers } from "next/headers";

import { client } from "../session";

export default async function Account() {
  const verdict = await client.authenticateRequest({ headers: await headers() });
  if (verdict.status !== "authenticated") return <p>Log in first</p>;
  return <p>Hello {verdict.session.user_id}</p>;
}
