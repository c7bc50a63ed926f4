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
