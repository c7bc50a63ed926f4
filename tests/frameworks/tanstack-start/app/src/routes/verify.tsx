import { createFileRoute } from "@tanstack/react-router";
import { useState } from "react";
import { SessionVerifier } from "stytch-edge/verify";

export const Route = createFileRoute("/verify")({ component: Verify });

function Verify() {
  const { project_id } = Route.useSearch() as { project_id: string };
  const [answer, setAnswer] = useState("");
  async function check(form: FormData) {
    const verifier = new SessionVerifier({ project_id });
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
