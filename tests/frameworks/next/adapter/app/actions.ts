"use server";

import { redirect } from "next/navigation";
import { logOut, setCookies } from "stytch-edge/next";
import { client } from "./session";

export async function logIn(form: FormData) {
  const [email, password] = ["email", "password"].map((name) => String(form.get(name)));
  const result = await client().passwords.authenticate({ email, password, session_duration_minutes: 60 });
  await setCookies(client().sessionHeaders(result));
  redirect("/account");
}

export async function leave() {
  await logOut(client);
  redirect("/");
}
