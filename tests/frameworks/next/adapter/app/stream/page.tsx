import { Suspense } from "react";
import { session } from "stytch-edge/next";

import { client } from "../session";

export default function Stream() {
  return (
    <Suspense fallback={<p>Wait</p>}>
      <Late />
    </Suspense>
  );
}

async function Late() {
  const user = await session(client);
  await new Promise((resolve) => setTimeout(resolve, 50));
  return <main>{`Hello ${user?.user_id}`}</main>;
}
