// Data for the emulator's page: users, organizations, members, sessions and machine clients, some with hostile names.

/** A name that runs a script if a page writes it as HTML. */
export const HOSTILE = "<img src=x onerror=\"document.title='hostile'\">";

/** Creates the data by calls to the API. */
export async function fill({ url }, call) {
  const name = { first_name: "Grace", last_name: "Hopper" };
  const trusted_metadata = { plan: "gold", limits: { seats: 5 }, api_secret: "not shown" };
  await call("/v1/users", { email: "grace@example.com", name, trusted_metadata, phone_number: "+15005550006" });
  await call("/v1/users", { email: "hostile@example.com", name: { first_name: HOSTILE } });
  const long = "a-rather-long-address-that-must-not-widen-the-page-of-a-phone@long-domain.example.com";
  await call("/v1/users", { email: long });
  await logIn(call, { email: "grace@example.com" });

  const joining = { email_jit_provisioning: "RESTRICTED", email_allowed_domains: ["acme.example"] };
  const { body } = await call("/v1/b2b/organizations", { organization_name: "Acme", ...joining }, "b2b");
  await call("/v1/b2b/organizations", { organization_name: HOSTILE }, "b2b");
  const { organization_id } = body.organization;
  for (const email_address of ["member@acme.example", "second@acme.example"]) {
    await call("/v1/b2b/magic_links/email/login_or_signup", { organization_id, email_address }, "b2b");
    const magic_links_token = await newestToken(url);
    await call("/v1/b2b/magic_links/authenticate", { magic_links_token }, "b2b");
  }
  await call("/v1/m2m/clients", { client_name: "Billing", client_description: "Nightly invoices", scopes: ["read:users"] });
  await fillMore({ url }, call, organization_id);
  await call("/v1/users", { email: "not an address" });
  await call("/v1/magic_links/email/login_or_create", { email: "hedy@example.com" });

  async function logIn(call, body) {
    await call("/v1/magic_links/email/login_or_create", body);
    await call("/v1/magic_links/authenticate", { token: await newestToken(url), session_duration_minutes: 60 });
  }
}

/** Creates factors, a lock, connections, apps with grants, and fraud prevention. */
async function fillMore({ url }, call, organization_id) {
  const { body: user } = await call("/v1/passwords", { email: "locked@example.com", password: "a password of nine words", session_duration_minutes: 60 });
  const { user_id } = user;
  await call("/v1/totps", { user_id });
  for (let attempt = 0; attempt < 10; attempt += 1) await call("/v1/passwords/authenticate", { email: "locked@example.com", password: "wrong" });

  const client_name = `${HOSTILE} Notes`;
  const redirect_uri = "https://app.example/callback";
  const { body: created } = await call("/v1/connected_apps/clients", { client_type: "third_party", client_name, redirect_urls: [redirect_uri] });
  const { client_id } = created.connected_app;
  await call("/v1/idp/oauth/authorize", { client_id, redirect_uri, response_type: "code", scopes: ["openid", "email"], user_id, consent_granted: true });

  const sso = `/v1/b2b/sso/saml/${organization_id}`;
  const { body: saml } = await call(sso, { display_name: `${HOSTILE} SAML` }, "b2b");
  await call(`${sso}/connections/${saml.connection.connection_id}/url`, { metadata_url: `${url}/_emulator/idp/1/metadata` }, "b2b", "PUT");
  await call(`${sso}/connections/${saml.connection.connection_id}`, { attribute_mapping: { email: "email", full_name: "name" } }, "b2b", "PUT");
  await call(`/v1/b2b/sso/oidc/${organization_id}`, { display_name: "Pending OIDC" }, "b2b");
  await call(`/v1/b2b/scim/${organization_id}/connection`, { display_name: "Directory" }, "b2b");

  const post = (name, body) => fetch(`${url}/_emulator/${name}`, { method: "POST", body: JSON.stringify(body) });
  await post("fingerprints", { product: "consumer", telemetry_id: "telemetry-1", visitor_id: HOSTILE, reasons: ["VIRTUAL_MACHINE"] });
  await call("/v1/rules/set", { action: "BLOCK", visitor_id: HOSTILE, description: HOSTILE });
  await call("/v1/verdict_reasons/override", { verdict_reason: "VIRTUAL_MACHINE", override_action: "ALLOW" });
  await post("trusted_token_profiles", { product: "b2b", profile_id: "profile-1", issuer: HOSTILE, audience: "stytch" });
  await call("/v1/otps/sms/login_or_create", { phone_number: "+15005550009" });
  await call("/v1/otps/whatsapp/login_or_create", { phone_number: "+15005550009" });
}

async function newestToken(url) {
  const { messages } = await (await fetch(`${url}/_emulator/outbox.json`)).json();
  return messages[0].token;
}
