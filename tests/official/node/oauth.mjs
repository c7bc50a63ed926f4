// The rows of the log-ins with OAuth providers. A row logs in at the provider's page without a browser: with two requests.

import { deepSame, same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";

const EMAIL = "ola@acme.example";
const organization_id = (m) => m.of("organizations.create").organization.organization_id;

/** Logs in with a provider, and returns the token that the application receives. */
const tokenOf = (m, path, params) => oauthToken(m.emulator, m.product, path, params, { email_address: EMAIL, name: "Ola" });

/** Opens a start URL of a product, logs in at the provider's page with an account, and returns the application's token. */
export async function oauthToken(emulator, product, path, params, account) {
  const start = new URL(path, emulator.url);
  start.search = new URLSearchParams({ public_token: emulator.public_tokens[product], ...params });
  const page = await redirectOf(await fetch(start, { redirect: "manual" }));
  const body = new URLSearchParams({ state: page.searchParams.get("state"), ...account });
  const url = await redirectOf(await fetch(page, { method: "POST", body, redirect: "manual" }));
  return url.searchParams.get("token");
}

async function redirectOf(response) {
  const location = response.headers.get("location");
  if (!location) throw new Error(`${response.status} ${await response.text()}`);
  return new URL(location, response.url);
}

export const oauth = {
  "oauth.authenticate": row(
    async (m) => [{ token: await tokenOf(m, "/v1/public/oauth/google/start"), session_duration_minutes: 60 }],
    async (m, { user_id, session_token, provider_subject }) => {
      const { user } = await m.client.sessions.authenticate({ session_token });
      same(user.user_id, user_id);
      deepSame(user.providers.map((provider) => provider.provider_subject), [provider_subject]);
    },
  ),
  "oauth.attach": row(
    (m) => [{ provider: "github", user_id: m.of("oauth.authenticate").user_id }],
    async (m, { oauth_attach_token }) => {
      const token = await tokenOf(m, "/v1/public/oauth/github/start", { oauth_attach_token });
      const { user } = await m.client.oauth.authenticate({ token });
      deepSame(user.providers.map(({ provider_type }) => provider_type), ["Google", "GitHub"]);
    },
  ),
};

export const memberOauth = {
  "oauth.authenticate": row(
    async (m) => {
      const params = { organization_id: organization_id(m) };
      return [{ oauth_token: await tokenOf(m, "/v1/b2b/public/oauth/microsoft/start", params) }];
    },
    async (m, { member_id, provider_values }) => {
      const selected = { organization_id: organization_id(m), member_id };
      const stored = await m.client.organizations.members.oauthProviders.microsoft(selected);
      same(stored.access_token, provider_values.access_token);
    },
  ),
  "oauth.discovery.authenticate": row(
    async (m) => [{ discovery_oauth_token: await tokenOf(m, "/v1/b2b/public/oauth/microsoft/discovery/start") }],
    async (m, { intermediate_session_token }) => {
      const exchange = { intermediate_session_token, organization_id: organization_id(m) };
      const { member_id } = await m.client.discovery.intermediateSessions.exchange(exchange);
      same(member_id, m.of("oauth.authenticate").member_id);
    },
  ),
};
