// The rows about Connected Apps that the scenarios of both products share.

import { deepSame, ok, same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";

export const CALLBACK = "https://app.example/callback";
const app = (m) => m.of("connectedApp.clients.create").connected_app;
const named = (m) => [{ client_id: app(m).client_id }];
const read = async (m) => (await m.client.connectedApp.clients.get(...named(m))).connected_app;
/** Fails unless the secret of the app is accepted. */
const introspect = async (m, client_secret) => {
  const body = new URLSearchParams({ token: "x", client_id: app(m).client_id, client_secret });
  const url = `${m.emulator.url}/v1/public/${m.emulator[m.product].project_id}/oauth2/introspect`;
  same((await fetch(url, { method: "POST", body })).status, 200);
};

/** The arguments of an authorization request of the app. `subject` selects the user or member. */
const asked = (m, subject) => ({ client_id: app(m).client_id, redirect_uri: CALLBACK, response_type: "code", scopes: ["openid", "email"], ...subject });
/** Exchanges a code for an access token, and fails unless both introspections accept the token. */
const exchange = async (m, code) => {
  const { client_secret } = m.nextApp;
  const form = { grant_type: "authorization_code", code, redirect_uri: CALLBACK, client_id: app(m).client_id };
  const body = new URLSearchParams({ ...form, client_secret: m.nextApp.next_client_secret ?? client_secret });
  const url = `${m.emulator.url}/v1/public/${m.emulator[m.product].project_id}/oauth2/token`;
  const { access_token } = await (await fetch(url, { method: "POST", body })).json();
  const { client_id } = app(m);
  const remote = await m.client.idp.introspectTokenNetwork({ token: access_token, client_id, client_secret: m.nextApp.next_client_secret });
  const local = await m.client.idp.introspectTokenLocal(access_token);
  deepSame([local.subject, local.scope], [remote.subject, "openid email"]);
  return local.subject;
};

/** The rows of an authorization. `subject(m)` selects the user or member, whose id is `id(m)`. */
export const authorizations = (subject, id) => ({
  "idp.oauth.authorizeStart": row(
    (m) => [asked(m, subject(m))],
    (_, { consent_required, scope_results }) => deepSame([consent_required, scope_results.map(({ is_grantable }) => is_grantable)], [true, [true, true]]),
  ),
  "idp.oauth.authorize": row(
    (m) => [{ ...asked(m, subject(m)), consent_granted: true, state: "state-1" }],
    async (m, { redirect_uri, authorization_code }) => {
      same(redirect_uri, `${CALLBACK}?code=${authorization_code}&state=state-1`);
      same(await exchange(m, authorization_code), id(m));
    },
  ),
});

/** The id of the app. */
export const appId = (m) => app(m).client_id;

/** The rows about the apps themselves. The last row deletes the app. */
export const apps = {
  "connectedApp.clients.create": row(
    () => [{ client_type: "third_party", client_name: "Notes", redirect_urls: [CALLBACK] }],
    async (m, { connected_app }) => {
      same((await read(m)).client_name, "Notes");
      await introspect(m, connected_app.client_secret);
    },
  ),
  "connectedApp.clients.get": row(named, (_, { connected_app }) => deepSame(connected_app.redirect_urls, [CALLBACK])),
  "connectedApp.clients.search": row(
    () => [{ limit: 100 }],
    (m, { connected_apps }) => ok(connected_apps.some(({ client_id }) => client_id === app(m).client_id), "the app"),
  ),
  "connectedApp.clients.update": row(
    (m) => [{ client_id: app(m).client_id, client_name: "Diary" }],
    async (m) => same((await read(m)).client_name, "Diary"),
  ),
  "connectedApp.clients.secrets.rotateStart": row(named, (m, { connected_app }) => introspect(m, connected_app.next_client_secret)),
  "connectedApp.clients.secrets.rotateCancel": row(named, async (m) => same((await read(m)).next_client_secret_last_four, null)),
  "connectedApp.clients.secrets.rotate": row(
    async (m) => {
      m.nextApp = (await m.client.connectedApp.clients.secrets.rotateStart(...named(m))).connected_app;
      return named(m);
    },
    (m) => introspect(m, m.nextApp.next_client_secret),
  ),
};

export const deletedApp = {
  "connectedApp.clients.delete": row(named, (m) => m.refused("connected_app_not_found", () => read(m))),
};
