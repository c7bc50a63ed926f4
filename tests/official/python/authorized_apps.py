"""The rows about the apps that a user or a member has authorized."""

from apps import app, authorizations
from drive import Row
from memory import equal


def user_id(m):
    return m.of("users.create").user_id


def ids(r):
    return [found.connected_app_id for found in r.connected_apps]


def app_id(m):
    return app(m).client_id


APPS_OF_USERS = {
    **authorizations(lambda m: {"user_id": user_id(m)}, user_id),
    "users.connected_apps": Row(
        lambda m: {"user_id": user_id(m)},
        lambda m, r: equal((ids(r), r.connected_apps[0].scopes_granted), ([app_id(m)], "openid email")),
    ),
    "users.revoke": Row(
        lambda m: {"user_id": user_id(m), "connected_app_id": app_id(m)},
        lambda m, r: equal(ids(m.client.users.connected_apps(user_id(m))), []),
    ),
}


def organization_id(m):
    return m.of("organizations.create").organization.organization_id


def member_id(m):
    return m.of("organizations.members.create").member_id


def member(m):
    return {"organization_id": organization_id(m), "member_id": member_id(m)}


APPS_OF_MEMBERS = {
    **authorizations(member, member_id),
    "organizations.connected_apps": Row(
        lambda m: {"organization_id": organization_id(m)},
        lambda m, r: equal(ids(r), [app_id(m)]),
    ),
    "organizations.get_connected_app": Row(
        lambda m: {"organization_id": organization_id(m), "connected_app_id": app_id(m)},
        lambda m, r: equal([found.member_id for found in r.active_members], [member_id(m)]),
    ),
    "organizations.members.get_connected_apps": Row(member, lambda m, r: equal(ids(r), [app_id(m)])),
    "organizations.members.connected_apps.revoke": Row(
        lambda m: {**member(m), "connected_app_id": app_id(m)},
        lambda m, r: equal(ids(m.client.organizations.members.get_connected_apps(**member(m))), []),
    ),
}
