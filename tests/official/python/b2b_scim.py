"""The rows of the SCIM connection, and a directory that sends a user and a group through it."""

import requests

from drive import Row
from memory import equal


def organization_id(m):
    return m.of("organizations.create").organization.organization_id


def own(m):
    return {
        "organization_id": organization_id(m),
        "connection_id": m.of("scim.connection.create").connection.connection_id,
    }


def read(m):
    return m.client.scim.connection.get(organization_id(m)).connection


def first(m):
    return m.of("scim.connection.create").connection.bearer_token


def following(m):
    return m.of("scim.connection.rotate_start").connection.next_bearer_token


def directory(m, bearer_token, method, path, body=None):
    """Sends a request of the directory."""
    url = f"{m.url}/v1/b2b/scim/{own(m)['connection_id']}{path}"
    return requests.request(method, url, json=body, headers={"Authorization": f"Bearer {bearer_token}"})


def statuses(m, *tokens):
    return [directory(m, token, "GET", "/Users").status_code for token in tokens]


def member(m):
    address = m.email("scim", "acme.example")
    return m.client.organizations.members.get(organization_id(m), email_address=address).member


def provision(m):
    user = directory(m, first(m), "POST", "/Users", {"userName": m.email("scim", "acme.example")})
    equal(user.status_code, 201)
    group = {"displayName": "Staff", "members": [{"value": user.json()["id"]}]}
    equal(directory(m, first(m), "POST", "/Groups", group).status_code, 201)
    equal(member(m).scim_registration.connection_id, own(m)["connection_id"])


def started(m):
    m.cancelled = m.client.scim.connection.rotate_start(**own(m)).connection.next_bearer_token
    return own(m)


SCIM = {
    "scim.connection.create": Row(
        lambda m: {"organization_id": organization_id(m), "display_name": "Okta", "identity_provider": "okta"},
        lambda m, r: provision(m),
    ),
    "scim.connection.get": Row(
        lambda m: {"organization_id": organization_id(m)},
        lambda m, r: equal(r.connection.bearer_token_last_four, first(m)[-4:]),
    ),
    "scim.connection.get_groups": Row(
        own,
        lambda m, r: equal(r.scim_groups[0].group_name, "Staff"),
    ),
    "scim.connection.update": Row(
        lambda m: {
            **own(m),
            "display_name": "Okta SCIM",
            "scim_group_implicit_role_assignments": [
                {"role_id": "stytch_admin", "group_id": m.of("scim.connection.get_groups").scim_groups[0].group_id}
            ],
        },
        lambda m, r: equal((member(m).is_admin, read(m).display_name), (True, "Okta SCIM")),
    ),
    "scim.connection.rotate_start": Row(own, lambda m, r: equal(statuses(m, first(m), following(m)), [200, 200])),
    "scim.connection.rotate_complete": Row(own, lambda m, r: equal(statuses(m, first(m), following(m)), [401, 200])),
    "scim.connection.rotate_cancel": Row(started, lambda m, r: equal(statuses(m, m.cancelled), [401])),
    "scim.connection.delete": Row(own, lambda m, r: equal(statuses(m, following(m)), [401])),
}
