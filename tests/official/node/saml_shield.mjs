// The row of SAML Shield.

import { same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";

/** A response that an identity provider of the emulator signed. */
async function signed(m) {
  const user = { acs_url: "https://acme.example/acs", email: "ada@acme.example", name: "Ada" };
  const answer = await fetch(`${m.emulator.url}/_emulator/idp/1/saml`, {
    method: "POST",
    headers: { accept: "application/json" },
    body: JSON.stringify(user),
  });
  return (await answer.json()).SAMLResponse;
}

const forged = (response) => btoa(atob(response).replaceAll("ada@", "eve@"));

export const samlShield = {
  "saml.validate": row(
    async (m) => [{ SAMLResponse: await signed(m) }],
    async (m, { status_code }) => {
      same(status_code, 200);
      const forgery = forged(await signed(m));
      await m.refused("invalid_signature_saml_response", () => m.client.saml.validate({ SAMLResponse: forgery }));
    },
  ),
};
