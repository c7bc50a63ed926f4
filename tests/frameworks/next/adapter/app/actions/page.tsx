import { cookies } from "next/headers";
import Link from "next/link";
import { session } from "stytch-edge/next";

import { client } from "../session";
import { chooseTheme, leave, signUp } from "./actions";

export default async function Actions() {
  const user = await session(client);
  const theme = (await cookies()).get("theme")?.value;
  return (
    <main>
      <output>{`Hello ${user?.user_id ?? "you"}, ${theme ?? "no theme"}`}</output>
      <form action={signUp}>
        <input name="email" />
        <input name="password" />
        <button id="sign-up">Sign up</button>
      </form>
      <form action={chooseTheme}>
        <button id="theme">Dark</button>
      </form>
      <form action={leave}>
        <button id="leave">Log out</button>
      </form>
      <Link href="/account" prefetch={false}>
        Account
      </Link>
    </main>
  );
}
