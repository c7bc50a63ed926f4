import { requireSession } from "stytch-edge/next";

import { members } from "../log-ins";

export default async function Member() {
  const { member_id } = await requireSession(members, { log_in: "/login" });
  return <main>{`Hello ${member_id}`}</main>;
}
