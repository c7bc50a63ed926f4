"use server";

import { cookies } from "next/headers";
import { logOut, requireSession, setCookies } from "stytch-edge/next";

import { client } from "./session";

export async function signUp(form: FormData) {
  const [email, password] = ["email", "password"].map((name) => String(form.get(name)));
  const result = await client().passwords.create({ email, password, session_duration_minutes: 60 });
  await setCookies(client().sessionHeaders(result));
}

export async function chooseTheme() {
  await requireSession(client, { log_in: "/login" });
  (await cookies()).set("theme", "dark");
}

export async function leaveAndStay() {
  await logOut(client);
}
