import { cookies } from "next/headers";
import Link from "next/link";
import { session } from "stytch-edge/next";

import { leave, logIn } from "../actions";
import { chooseTheme, leaveAndStay, signUp } from "../other-actions";
import { client } from "../session";

export default async function Actions() {
  const user = await session(client);
  const theme = (await cookies()).get("theme")?.value;
  return (
    <main>
      <output>{`Hello ${user?.user_id ?? "you"}, ${theme ?? "no theme"}`}</output>
      <form>
        <input name="email" />
        <input name="password" />
        <button formAction={signUp}>Sign up</button>
        <button formAction={logIn}>Log in</button>
        <button formAction={chooseTheme}>Dark</button>
        <button formAction={leave}>Log out</button>
        <button formAction={leaveAndStay}>Log out here</button>
      </form>
      <Link href="/account" prefetch={false}>
        Account
      </Link>
    </main>
  );
}
