// The clients of both projects: Connected Apps with their grants, and M2M clients.

import { element } from "./dom.js";
import { badge, empty, facts, id, list, objects, rest, row, toneOf } from "./parts.js";

export function render(_, { connected_apps, m2m_clients, users, members, counts }) {
  if (connected_apps.length + m2m_clients.length === 0) {
    return [empty("No apps yet", "A Connected App or an M2M client appears when your application creates one.")];
  }
  const addresses = new Map([
    ...users.map((user) => [user.user_id, user.emails?.[0]?.email]),
    ...members.map((member) => [member.member_id, member.email_address]),
  ]);
  return [
    ...(connected_apps.length > 0 ? [title("apps", "Connected Apps"), ...connected_apps.map((app) => appRow(app, addresses))] : []),
    ...rest(connected_apps.length, counts.connected_apps),
    ...(m2m_clients.length > 0 ? [title("m2m", "M2M clients"), ...m2m_clients.map(machineRow)] : []),
    ...rest(m2m_clients.length, counts.m2m_clients, "rest-m2m"),
  ];
}

const title = (key, text) => element("h3", { key: `title-${key}` }, text);

function appRow(app, addresses) {
  const consents = (app.consents ?? []).map(({ subject, scopes }) => [addresses.get(subject) ?? subject, list(scopes)]);
  return row(
    app.client_id,
    app.client_name || app.client_id,
    [`${consents.length} ${consents.length === 1 ? "grant" : "grants"}`, project(app), badge(TYPES[app.client_type] ?? app.client_type), badge(app.status, toneOf(app.status))],
    [
      facts(
        ["Client ID", id(app.client_id)],
        ["Description", app.client_description],
        ["Redirect URLs", list(app.redirect_urls)],
        ["URLs after log-out", list(app.post_logout_redirect_urls)],
        ["Access tokens", `${app.lifetime_minutes} minutes`],
        ["Audience", id(app.audience)],
        ["Full access", app.full_access_allowed ? "allowed" : "not allowed"],
        ["Refresh tokens", app.refreshable > 0 ? `${app.refreshable} can be used` : "none"],
      ),
      element("h4", {}, "Granted access"),
      consents.length > 0 ? facts(...consents) : element("p", { class: "rest" }, "No user or member has granted access to this app."),
    ],
  );
}

function machineRow(client) {
  return row(
    client.client_id,
    client.client_name || client.client_id,
    [project(client), badge(client.status, toneOf(client.status))],
    [
      facts(["Client ID", id(client.client_id)], ["Description", client.client_description], ["Scopes", list(client.scopes)]),
      objects(["Trusted metadata", client.trusted_metadata]),
    ],
  );
}

const project = ({ product }) => badge(product === "b2b" ? "B2B" : "Consumer");

const TYPES = {
  first_party: "First party",
  first_party_public: "First party, public",
  third_party: "Third party",
  third_party_public: "Third party, public",
};
