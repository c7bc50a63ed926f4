import { headers } from "next/headers";

import { client } from "../session";

export default async function Account() {
  const request = { headers: await headers() }; // before client()
  const verdict = await client().authenticateRequest(request);
  if (verdict.status !== "authenticated") return <p>Log in first</p>;
  return <p>Hello {verdict.session.user_id}</p>;
}
