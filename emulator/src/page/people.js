// Users, organizations with their members, and sessions.

import { connections } from "./connections.js";
import { element } from "./dom.js";
import { grantedApps, lock, lockBadge, memberFactors, userFactors } from "./factors.js";
import { badge, empty, facts, id, list, moment, objects, rest, row, toneOf } from "./parts.js";

export function users(_, { users, counts }) {
  if (users.length === 0) return [empty("No users yet", "A user appears when your application creates one or logs one in.")];
  return [...users.map(user), ...rest(users.length, counts.users)];
}

export function organizations(_, { organizations, members, counts, identity_providers }) {
  if (organizations.length === 0) {
    return [empty("No organizations yet", "An organization appears when your application creates one.")];
  }
  const rows = organizations.map((organization) => {
    const own = members.filter((member) => member.organization_id === organization.organization_id);
    return organizationRow(organization, own, identity_providers);
  });
  return [...rows, ...rest(rows.length, counts.organizations)];
}

export function sessions(_, { sessions, users, members, counts }) {
  if (sessions.length === 0) return [empty("No sessions yet", "A session appears when a user or a member logs in.")];
  const names = new Map([
    ...users.map((user) => [user.user_id, userName(user)]),
    ...members.map((member) => [member.member_id, member.name || member.email_address]),
  ]);
  return [...sessions.map((session) => sessionRow(session, names)), ...rest(sessions.length, counts.sessions)];
}

function user(user) {
  const addresses = (user.emails ?? []).map(({ email, verified }) => `${email}${verified ? "" : " (not verified)"}`);
  const phones = (user.phone_numbers ?? []).map(({ phone_number }) => phone_number);
  const title = userName(user);
  return row(
    user.user_id,
    title,
    [user.emails?.[0]?.email !== title && user.emails?.[0]?.email, lockBadge(user), badge(user.status, toneOf(user.status))],
    [
      lock(user, "consumer", "user_id"),
      facts(
        ["User ID", id(user.user_id)],
        ["External ID", id(user.external_id)],
        ["E-mail", addresses.join(", ")],
        ["Phone", phones.join(", ")],
        ["Roles", list(user.roles)],
        ["Created", moment(user.created_at)],
      ),
      userFactors(user),
      grantedApps(user),
      objects(["Trusted metadata", user.trusted_metadata], ["Untrusted metadata", user.untrusted_metadata]),
    ],
  );
}

function userName(user) {
  const { first_name, middle_name, last_name } = user.name ?? {};
  const name = [first_name, middle_name, last_name].filter(Boolean).join(" ");
  return name || user.emails?.[0]?.email || user.phone_numbers?.[0]?.phone_number || user.user_id;
}

function organizationRow(organization, own, identity_providers) {
  const count = organization.member_count;
  return row(
    organization.organization_id,
    organization.organization_name,
    [organization.organization_slug, badge(count === 1 ? "1 member" : `${count} members`)],
    [
      facts(
        ["Organization ID", id(organization.organization_id)],
        ["External ID", id(organization.organization_external_id)],
        ["Domains", list(organization.email_allowed_domains)],
        ["Joining by e-mail", organization.email_jit_provisioning],
        ["Invites", organization.email_invites],
        ["Log-in methods", organization.auth_methods],
        ["MFA", organization.mfa_policy],
        ["Custom roles", list(organization.custom_roles?.map(({ role_id }) => role_id))],
        ["Created", moment(organization.created_at)],
      ),
      objects(["Trusted metadata", organization.trusted_metadata]),
      connections(organization, identity_providers),
      element("h4", {}, "Members"),
      own.length > 0
        ? element("div", { class: "list" }, own.map(memberRow), rest(own.length, count))
        : element("p", { class: "rest" }, count === 0 ? "This organization has no members." : "Only older members, which are not listed."),
    ],
  );
}

function memberRow(member) {
  const title = member.name || member.email_address;
  return row(
    member.member_id,
    title,
    [member.name && member.email_address, lockBadge(member), badge(member.status, toneOf(member.status))],
    [
      lock(member, "b2b", "member_id"),
      facts(
        ["Member ID", id(member.member_id)],
        ["External ID", id(member.external_id)],
        ["E-mail", `${member.email_address}${member.email_address_verified ? "" : " (not verified)"}`],
        ["Roles", list(member.roles)],
        ["Created", moment(member.created_at)],
      ),
      memberFactors(member),
      grantedApps(member),
      objects(["Trusted metadata", member.trusted_metadata], ["Untrusted metadata", member.untrusted_metadata]),
    ],
  );
}

function sessionRow(session, names) {
  const factor = session.authentication_factors?.[0];
  const title = names.get(session.subject) ?? factor?.email_factor?.email_address ?? session.subject;
  const until = session.status === "active" ? "until " : "ended ";
  return row(
    session.session_id,
    title,
    [
      element("span", { class: "when" }, until, moment(session.expires_at)),
      badge(session.product === "b2b" ? "B2B" : "Consumer"),
      badge(session.status, toneOf(session.status)),
    ],
    [
      facts(
        ["Session ID", id(session.session_id)],
        [session.product === "b2b" ? "Member ID" : "User ID", id(session.subject)],
        ["Roles", list(session.roles)],
        ["Factors", list((session.authentication_factors ?? []).map(({ type, delivery_method }) => `${type} (${delivery_method})`))],
        ["IP address", session.attributes?.ip_address],
        ["User agent", session.attributes?.user_agent],
        ["Started", moment(session.started_at)],
        ["Last used", moment(session.last_accessed_at)],
        ["Expires", moment(session.expires_at)],
      ),
      objects(["Custom claims", session.custom_claims]),
    ],
  );
}
