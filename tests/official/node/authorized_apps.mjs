// The rows about the apps that a user or a member has authorized.

import { deepSame } from "../../conformance/assert.js";
import { appId, authorizations } from "./apps.mjs";
import { row } from "./drive.mjs";

const user_id = (m) => m.of("users.create").user_id;
const idsOf = (connected_apps) => connected_apps.map(({ connected_app_id }) => connected_app_id);

export const appsOfUsers = {
  ...authorizations((m) => ({ user_id: user_id(m) }), user_id),
  "users.connectedApps": row(
    (m) => [{ user_id: user_id(m) }],
    (m, { connected_apps }) => deepSame([idsOf(connected_apps), connected_apps[0].scopes_granted], [[appId(m)], "openid email"]),
  ),
  "users.revoke": row(
    (m) => [{ user_id: user_id(m), connected_app_id: appId(m) }],
    async (m) => deepSame((await m.client.users.connectedApps({ user_id: user_id(m) })).connected_apps, []),
  ),
};

const organization_id = (m) => m.of("organizations.create").organization.organization_id;
const member_id = (m) => m.of("organizations.members.create").member_id;
const member = (m) => ({ organization_id: organization_id(m), member_id: member_id(m) });
const listed = async (m) => (await m.client.organizations.members.getConnectedApps(member(m))).connected_apps;

export const appsOfMembers = {
  ...authorizations(member, member_id),
  "organizations.connectedApps": row(
    (m) => [{ organization_id: organization_id(m) }],
    (m, { connected_apps }) => deepSame(idsOf(connected_apps), [appId(m)]),
  ),
  "organizations.getConnectedApp": row(
    (m) => [{ organization_id: organization_id(m), connected_app_id: appId(m) }],
    (m, { active_members }) => deepSame(active_members, [{ member_id: member_id(m), granted_scopes: ["openid", "email"] }]),
  ),
  "organizations.members.getConnectedApps": row(
    (m) => [member(m)],
    (m, { connected_apps }) => deepSame(idsOf(connected_apps), [appId(m)]),
  ),
  "organizations.members.connectedApps.revoke": row(
    (m) => [{ ...member(m), connected_app_id: appId(m) }],
    async (m) => deepSame(await listed(m), []),
  ),
};
