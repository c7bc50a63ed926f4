"use client";

import { useState } from "react";
import { SessionVerifier } from "stytch-edge/verify";

const verifier = new SessionVerifier({ project_id: process.env.NEXT_PUBLIC_STYTCH_PROJECT_ID! });

export default function Verify() {
  const [answer, setAnswer] = useState("");
  async function check(form: FormData) {
    const verdict = await verifier.authenticateRequest({
      headers: new Headers({ Authorization: `Bearer ${form.get("token")}` }),
    });
    setAnswer(verdict.status === "authenticated" ? `Hello ${verdict.session.user_id}` : verdict.reason);
  }
  return (
    <form action={check}>
      <input name="token" />
      <button type="submit">Check</button>
      <output>{answer}</output>
    </form>
  );
}
