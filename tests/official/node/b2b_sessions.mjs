// The rows of the B2B client's sessions that start with a session, a token or an account from elsewhere.

import { same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";
import { memberOauth } from "./oauth.mjs";

const EMAIL = "mary@acme.example";
const ISSUER = "https://issuer.example";
const organization_id = (m) => m.of("organizations.create").organization.organization_id;
const token = async (m, order) => (await m.emulator.control("POST", "tokens", { product: "b2b", ...order })).token;

async function isSessionOf(m, { member_id, session_token }) {
  const { member } = await m.client.sessions.authenticate({ session_token });
  same(member.member_id, member_id);
  same(member.email_address, EMAIL);
}

export const memberSessions = {
  "sessions.migrate": row(
    async (m) => {
      const [email_address, session_token] = [EMAIL, "foreign"];
      await m.client.organizations.members.create({ organization_id: organization_id(m), email_address });
      await m.emulator.control("POST", "external_sessions", { product: "b2b", session_token, email_address });
      return [{ organization_id: organization_id(m), session_token }];
    },
    isSessionOf,
  ),
  "sessions.attest": row(
    async (m) => {
      const { keys } = await m.client.sessions.getJWKS({ project_id: m.emulator.b2b.project_id });
      const { profile_id } = await m.emulator.control("POST", "trusted_token_profiles", {
        product: "b2b", issuer: ISSUER, audience: "stytch", keys,
      });
      const claims = { iss: ISSUER, aud: "stytch", email: EMAIL };
      return [{ profile_id, token: await token(m, { kind: "m2m", claims }), organization_id: organization_id(m) }];
    },
    isSessionOf,
  ),
  "sessions.exchangeAccessToken": row(
    async (m) => {
      const { member_id } = m.of("sessions.migrate");
      return [{ access_token: await token(m, { kind: "connected_app", member_id, claims: { scope: "full_access" } }) }];
    },
    isSessionOf,
  ),
  ...memberOauth,
};
