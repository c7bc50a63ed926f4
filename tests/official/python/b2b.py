"""The scenario of the B2B client: one row for each method whose route the emulator has."""

from stytch.b2b.models.rbac import OrgPolicy

from apps import APPS, DELETED_APP
from authorized_apps import APPS_OF_MEMBERS
from b2b_discovery import DISCOVERY
from b2b_scim import SCIM
from b2b_sso import SSO
from b2b_members import DELETION, MEMBERS
from b2b_sessions import MEMBER_SESSIONS
from drive import Row
from member_passwords import MEMBER_PASSWORDS
from memory import equal, kid_of
from passwordless import impersonation
from second_factors import SECOND_FACTORS
from services import SERVICES

EDITOR = {
    "role_id": "editor",
    "description": "",
    "permissions": [{"resource_id": "documents", "actions": ["read"]}],
}


def organization_id(m):
    return m.of("organizations.create").organization.organization_id


def address(m, name):
    return m.email(name, "acme.example")


def member(m, name):
    found = m.client.organizations.members.get(organization_id(m), email_address=address(m, name))
    return found.member


def log_in(m):
    return m.of("magic_links.authenticate")


def sessions(m):
    return m.client.sessions.get(organization_id(m), log_in(m).member_id).member_sessions


def org_policy(m):
    return m.client.rbac.organizations.get_org_policy(organization_id(m)).org_policy


B2B = {
    **SERVICES,
    **APPS,
    "organizations.create": Row(
        lambda m: {
            "organization_name": "Acme",
            "email_jit_provisioning": "RESTRICTED",
            "email_allowed_domains": ["acme.example"],
        },
        lambda m, r: equal(
            m.client.organizations.get(organization_id(m)).organization.email_allowed_domains,
            ["acme.example"],
        ),
    ),
    "organizations.get": Row(
        lambda m: {"organization_id": organization_id(m)},
        lambda m, r: equal(r.organization.organization_name, "Acme"),
    ),
    "organizations.members.create": Row(
        lambda m: {"organization_id": organization_id(m), "email_address": address(m, "grace"), "name": "Grace"},
        lambda m, r: equal(member(m, "grace").name, "Grace"),
    ),
    **APPS_OF_MEMBERS,
    **DELETED_APP,
    "organizations.members.get": Row(
        lambda m: {
            "organization_id": organization_id(m),
            "member_id": m.of("organizations.members.create").member_id,
        },
        lambda m, r: equal(r.member.email_address, address(m, "grace")),
    ),
    "rbac.organizations.validate_org_policy": Row(
        lambda m: {
            "project_policy": m.client.rbac.policy().policy,
            "org_policy": OrgPolicy.model_validate({"roles": [EDITOR]}),
        },
    ),
    "rbac.organizations.set_org_policy": Row(
        lambda m: {"organization_id": organization_id(m), "org_policy": {"roles": [EDITOR]}},
        lambda m, r: equal([role.role_id for role in org_policy(m).roles], ["editor"]),
    ),
    "rbac.organizations.get_org_policy": Row(
        lambda m: {"organization_id": organization_id(m)},
        lambda m, r: equal(r.org_policy.roles[0].permissions[0].actions, ["read"]),
    ),
    "magic_links.email.login_or_signup": Row(
        lambda m: {"organization_id": organization_id(m), "email_address": address(m, "ada")},
        lambda m, r: equal(member(m, "ada").status, "pending"),
    ),
    "magic_links.authenticate": Row(
        lambda m: {"magic_links_token": m.token_for(address(m, "ada"))},
        lambda m, r: equal(member(m, "ada").status, "active"),
    ),
    "sessions.get": Row(
        lambda m: {"organization_id": organization_id(m), "member_id": log_in(m).member_id},
        lambda m, r: equal(
            [found.member_session_id for found in r.member_sessions],
            [log_in(m).member_session.member_session_id],
        ),
    ),
    "sessions.authenticate": Row(
        lambda m: {"session_token": log_in(m).session_token, "session_custom_claims": {"plan": "gold"}},
        lambda m, r: equal(sessions(m)[0].custom_claims, {"plan": "gold"}),
    ),
    "sessions.get_jwks": Row(
        lambda m: {"project_id": m.project_id},
        lambda m, r: equal(r.keys[0].kid, kid_of(log_in(m).session_jwt)),
    ),
    "sessions.authenticate_jwt": Row(
        lambda m: {"session_jwt": log_in(m).session_jwt, "max_token_age_seconds": 0},
        lambda m, r: equal(r.member_session.member_session_id, log_in(m).member_session.member_session_id),
    ),
    "sessions.authenticate_jwt_local": Row(
        lambda m: {"session_jwt": log_in(m).session_jwt},
        lambda m, r: equal(r.member_id, log_in(m).member_id),
    ),
    "sessions.revoke": Row(
        lambda m: {"member_session_id": log_in(m).member_session.member_session_id},
        lambda m, r: equal(sessions(m), []),
    ),
    "impersonation.authenticate": Row(
        lambda m: impersonation(m, {"member_id": log_in(m).member_id}),
        lambda m, r: equal(
            [found.member_session_id for found in sessions(m)],
            [r.member_session.member_session_id],
        ),
    ),
    **DISCOVERY,
    **SSO,
    **SCIM,
    **MEMBERS,
    **MEMBER_SESSIONS,
    **MEMBER_PASSWORDS,
    **SECOND_FACTORS,
    **DELETION,
}
