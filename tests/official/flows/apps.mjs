// The flows of Connected Apps: consent, tokens, and their end.

import { deepSame, same } from "../../conformance/assert.js";
import { staysAndEnds } from "./users.mjs";

const CALLBACK = "https://app.example/callback";

export const apps = {
  "a Connected App acts for a user until the user revokes it": async (m) => {
    const { user_id } = await m.consumer.users.create({ email: m.email("ada"), name: { first_name: "Ada" } });
    const app = await created(m.consumer, { client_type: "third_party" });
    const scopes = ["openid", "profile", "offline_access"];
    const code = await authorized(m.consumer, app, scopes, { user_id }, { nonce: "nonce-1" });
    const tokens = await send(m, "consumer", "token", { grant_type: "authorization_code", code, redirect_uri: CALLBACK, ...app });
    const local = await m.consumer.idp.introspectTokenLocal(tokens.access_token);
    deepSame([local.subject, local.scope], [user_id, scopes.join(" ")]);
    same((await m.consumer.idp.introspectTokenNetwork({ token: tokens.access_token, ...app })).subject, user_id);
    const { name, nonce } = claimsOf(tokens.id_token);
    deepSame([name, nonce], ["Ada", "nonce-1"]);
    const refresh = { grant_type: "refresh_token", refresh_token: tokens.refresh_token, ...app };
    const { access_token } = await send(m, "consumer", "token", refresh);
    const { connected_apps } = await m.consumer.users.connectedApps({ user_id });
    deepSame(connected_apps.map((app) => app.scopes_granted), [scopes.join(" ")]);
    await m.consumer.users.revoke({ user_id, connected_app_id: app.client_id });
    for (const token of [access_token, tokens.access_token]) {
      same((await send(m, "consumer", "introspect", { token, ...app })).active, false);
    }
    same((await send(m, "consumer", "token", refresh)).error, "invalid_grant");
  },
  "a first-party app exchanges its token for a session of the user": async (m) => {
    const email = m.email("grace");
    await m.consumer.magicLinks.email.loginOrCreate({ email });
    const token = await m.emulator.tokenFor(email);
    const { session_token, session_jwt, user_id } = await m.consumer.magicLinks.authenticate({ token, session_duration_minutes: 60 });
    const app = await created(m.consumer, { client_type: "first_party", full_access_allowed: true });
    const code = await authorized(m.consumer, app, ["full_access"], { session_token });
    const grant = { grant_type: "authorization_code", code, redirect_uri: CALLBACK, ...app };
    const { access_token } = await send(m, "consumer", "token", grant);
    const exchange = (access_token) => m.consumer.sessions.exchangeAccessToken({ access_token, session_duration_minutes: 60 });
    const exchanged = await exchange(access_token);
    same(exchanged.session.authentication_factors[0].delivery_method, "oauth_access_token_exchange");
    await staysAndEnds(m, exchanged, user_id, "oauth");
    // A session JWT is not an access token.
    await m.refused("idp_access_token_not_found", () => exchange(session_jwt));
  },
  "an organization allows an app for its members, and forbids it": async (m) => {
    const { organization } = await m.b2b.organizations.create({ organization_name: "Apps" });
    const { organization_id } = organization;
    const email_address = m.email("ada", "apps.example");
    const { member_id } = await m.b2b.organizations.members.create({ organization_id, email_address });
    const app = await created(m.b2b, { client_type: "first_party" });
    const code = await authorized(m.b2b, app, ["openid"], { organization_id, member_id });
    const grant = { grant_type: "authorization_code", code, redirect_uri: CALLBACK, ...app };
    const { access_token } = await send(m, "b2b", "token", grant);
    const checked = await m.b2b.idp.introspectTokenLocal(access_token);
    deepSame([checked.subject, checked.organization.organization_id], [member_id, organization_id]);
    await m.b2b.organizations.update({ organization_id, first_party_connected_apps_allowed_type: "NOT_ALLOWED" });
    await m.refused("connected_app_not_allowed_for_org", () => authorized(m.b2b, app, ["openid"], { organization_id, member_id }));
  },
};

/** Creates an app, and returns its credentials. */
async function created(client, settings) {
  const { connected_app } = await client.connectedApp.clients.create({ redirect_urls: [CALLBACK], ...settings });
  return { client_id: connected_app.client_id, client_secret: connected_app.client_secret };
}

/** Has the user or member consent, and returns the code. */
async function authorized(client, { client_id }, scopes, subject, more) {
  const asked = { client_id, redirect_uri: CALLBACK, response_type: "code", scopes, ...subject };
  const { scope_results } = await client.idp.oauth.authorizeStart(asked);
  deepSame(scope_results.map(({ scope, is_grantable }) => [scope, is_grantable]), scopes.map((scope) => [scope, true]));
  const { authorization_code } = await client.idp.oauth.authorize({ ...asked, consent_granted: true, ...more });
  return authorization_code;
}

/** Sends a form to an OAuth 2.0 route, as an app does. */
async function send(m, product, route, form) {
  const url = `${m.emulator.url}/v1/public/${m.emulator[product].project_id}/oauth2/${route}`;
  return (await fetch(url, { method: "POST", body: new URLSearchParams(form) })).json();
}

function claimsOf(jwt) {
  return JSON.parse(Buffer.from(jwt.split(".")[1], "base64url").toString());
}
