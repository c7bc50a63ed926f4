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
  await call("/v1/users", { email: "not an address" });
  await call("/v1/magic_links/email/login_or_create", { email: "hedy@example.com" });

  async function logIn(call, body) {
    await call("/v1/magic_links/email/login_or_create", body);
    await call("/v1/magic_links/authenticate", { token: await newestToken(url), session_duration_minutes: 60 });
  }
}

async function newestToken(url) {
  const { messages } = await (await fetch(`${url}/_emulator/outbox.json`)).json();
  return messages[0].token;
}
