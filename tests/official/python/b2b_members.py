"""The rows of organizations and members that change, search and delete them."""

from drive import Row
from memory import equal

PROVIDERS = {
    "google": {"id_token": "id-1"},
    "microsoft": {"id_token": "id-1"},
    "slack": {"provider_tenant_id": "T1", "bot_access_token": "", "bot_scopes": []},
    "hubspot": {"provider_tenant_id": "1"},
    "github": {"provider_tenant_ids": ["1"]},
}
OIDC = {"id_token": "id-1", "connection_id": "oidc-connection-test-1"}


def organization_id(m):
    return m.of("organizations.create").organization.organization_id


def own(m):
    return {"organization_id": organization_id(m), "member_id": m.of("organizations.members.create").member_id}


def logged_in(m):
    return {"organization_id": organization_id(m), "member_id": m.of("magic_links.authenticate").member_id}


def read(m):
    return m.client.organizations.members.get(**own(m)).member


def organization(m):
    return m.client.organizations.get(organization_id(m)).organization


def query(name, value):
    return {"operator": "AND", "operands": [{"filter_name": name, "filter_value": value}]}


def password_id(m):
    return f"member-password-test-{m.run}"


def add_factors(m):
    """Gives a member a password, an authenticator app and tokens of providers, by a changed snapshot."""
    snapshot = m.control("GET", "snapshot.json")
    b2b = snapshot["state"]["projects"]["b2b"]
    member_id = own(m)["member_id"]
    member = next(row["member"] for row in b2b["members"] if row["member"]["member_id"] == member_id)
    member |= {"member_password_id": password_id(m), "totp_registration_id": f"totp-test-{m.run}"}
    b2b["provider_tokens"] = [
        {
            "registration_id": f"oauth-user-test-{provider}",
            "member_id": member_id,
            "provider": provider,
            "access_token_expires_at": "2100-01-01T00:00:00Z",
            "tokens": {"provider_subject": provider, "access_token": "access-1", "scopes": [], **more},
        }
        for provider, more in [*PROVIDERS.items(), ("oidc", OIDC)]
    ]
    m.control("POST", "restore", snapshot)
    return {"organization_id": organization_id(m), "member_password_id": password_id(m)}


def provider_row(provider):
    def check(m, result):
        found = result.registrations[0] if hasattr(result, "registrations") else result
        equal(found.provider_subject, provider)

    return Row(own, check)


def changed_address(m):
    token = m.token_for(m.email("ada2", "acme.example"))
    return m.client.magic_links.authenticate(magic_links_token=token).member.email_address


MEMBERS = {
    "organizations.update": Row(
        lambda m: {
            "organization_id": organization_id(m),
            "organization_external_id": f"acme-{m.run}",
            "email_invites": "ALL_ALLOWED",
        },
        lambda m, r: equal(organization(m).organization_external_id, f"acme-{m.run}"),
    ),
    "organizations.search": Row(
        lambda m: {"query": query("organization_ids", [organization_id(m)])},
        lambda m, r: equal([found.organization_id for found in r.organizations], [organization_id(m)]),
    ),
    "organizations.delete_external_id": Row(
        lambda m: {"organization_id": organization_id(m)},
        lambda m, r: equal(organization(m).organization_external_id, None),
    ),
    "organizations.members.update": Row(
        lambda m: {
            **own(m),
            "mfa_phone_number": "+15005550006",
            "external_id": "grace-1",
            "email_address": m.email("g2", "acme.example"),
        },
        lambda m, r: equal(read(m).mfa_phone_number, "+15005550006"),
    ),
    "organizations.members.unlink_retired_email": Row(
        lambda m: {**own(m), "email_address": m.email("grace", "acme.example")},
        lambda m, r: equal(read(m).retired_email_addresses, []),
    ),
    "organizations.members.delete_external_id": Row(own, lambda m, r: equal(read(m).external_id, None)),
    "organizations.members.delete_mfa_phone_number": Row(own, lambda m, r: equal(read(m).mfa_phone_number, "")),
    "organizations.members.delete_password": Row(add_factors, lambda m, r: equal(read(m).member_password_id, "")),
    "organizations.members.delete_totp": Row(own, lambda m, r: equal(read(m).totp_registration_id, "")),
    **{f"organizations.members.oauth_providers.{provider}": provider_row(provider) for provider in PROVIDERS},
    "organizations.members.oidc_providers": provider_row("oidc"),
    "organizations.members.start_email_update": Row(
        lambda m: {**logged_in(m), "email_address": m.email("ada2", "acme.example")},
        lambda m, r: equal(changed_address(m), m.email("ada2", "acme.example")),
    ),
    "organizations.members.search": Row(
        lambda m: {
            "organization_ids": [organization_id(m)],
            "query": query("member_ids", [own(m)["member_id"]]),
        },
        lambda m, r: equal([found.email_address for found in r.members], [m.email("g2", "acme.example")]),
    ),
    "organizations.members.delete": Row(
        logged_in,
        lambda m, r: m.refused(
            "member_not_found", lambda: m.client.organizations.members.get(**logged_in(m))
        ),
    ),
    "organizations.members.reactivate": Row(logged_in, lambda m, r: equal(r.member.status, "active")),
    # The asynchronous variant cannot send include_deleted, because aiohttp refuses a boolean.
    "organizations.members.dangerously_get": Row(
        lambda m: {"member_id": logged_in(m)["member_id"]},
        lambda m, r: equal(r.member.email_address, m.email("ada2", "acme.example")),
    ),
    "organizations.metrics": Row(
        lambda m: {"organization_id": organization_id(m)},
        lambda m, r: equal(
            r.member_count,
            m.client.organizations.members.search(organization_ids=[organization_id(m)]).results_metadata.total,
        ),
    ),
}

# The last row: nothing of the organization is left.
DELETION = {
    "organizations.delete": Row(
        lambda m: {"organization_id": organization_id(m)},
        lambda m, r: m.refused("organization_not_found", lambda: organization(m)),
    ),
}
