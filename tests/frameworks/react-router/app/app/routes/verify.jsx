import { useState } from "react";
import { SessionVerifier } from "stytch-edge/verify";

export default function Verify({ params }) {
  const [answer, setAnswer] = useState("");
  async function check(form) {
    const verifier = new SessionVerifier({ project_id: params.project_id });
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
