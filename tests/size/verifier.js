// A verifier, as in a Worker without the project's secret.
import { SessionVerifier } from "measured";

export default {
  async fetch(request, env) {
    const verifier = new SessionVerifier({ project_id: env.STYTCH_PROJECT_ID, product: "consumer" });
    const { status, headers } = await verifier.authenticateRequest(request);
    return Response.json({ status }, { headers });
  },
};
