"""The rows of SSO connections."""

from urllib.parse import parse_qs, urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from drive import Row
from memory import equal


def organization_id(m):
    return m.of("organizations.create").organization.organization_id


def named(m, created):
    return {"organization_id": organization_id(m), "connection_id": m.of(created).connection.connection_id}


def saml(m):
    return named(m, "sso.saml.create_connection")


def connections(m):
    return m.client.sso.get_connections(organization_id(m))


def read_saml(m):
    return connections(m).saml_connections[0]


def metadata(m, number):
    return f"{m.url}/_emulator/idp/{number}/metadata"


def private_key():
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


def another(m):
    """Another organization with a SAML connection."""
    other = m.client.organizations.create(organization_name="Globex").organization.organization_id
    connection = m.client.sso.saml.create_connection(organization_id=other).connection
    return {"external_organization_id": other, "external_connection_id": connection.connection_id}


def second_certificate(m):
    m.client.sso.saml.update_by_url(**saml(m), metadata_url=metadata(m, 2))
    m.client.sso.saml.update_by_url(**saml(m), metadata_url=metadata(m, 1))
    return read_saml(m).verification_certificates[1].certificate_id


def sso_token(m):
    """Logs a member in at the identity provider of the emulator."""
    acs_url = f"{m.url}/v1/b2b/sso/callback/{saml(m)['connection_id']}"
    user = {"acs_url": acs_url, "email": m.email("sso", "acme.example"), "name": "Ada"}
    signed = requests.post(f"{m.url}/_emulator/idp/1/saml", json=user, headers={"Accept": "application/json"}).json()
    form = {"SAMLResponse": signed["SAMLResponse"]}
    returned = requests.post(acs_url, data=form, allow_redirects=False)
    return parse_qs(urlsplit(returned.headers["location"]).query)["token"][0]


SSO = {
    "sso.saml.create_connection": Row(
        lambda m: {"organization_id": organization_id(m), "display_name": "Okta", "identity_provider": "okta"},
        lambda m, r: equal(read_saml(m).status, "pending"),
    ),
    "sso.saml.update_by_url": Row(
        lambda m: {**saml(m), "metadata_url": metadata(m, 1)},
        lambda m, r: equal(read_saml(m).idp_entity_id, f"{m.url}/_emulator/idp/1"),
    ),
    "sso.saml.update_connection": Row(
        lambda m: {
            **saml(m),
            "attribute_mapping": {"email": "email", "full_name": "name"},
            "saml_encryption_private_key": private_key(),
        },
        lambda m, r: equal(
            (read_saml(m).status, m.client.organizations.get(organization_id(m)).organization.sso_default_connection_id),
            ("active", saml(m)["connection_id"]),
        ),
    ),
    "sso.saml.delete_encryption_private_key": Row(
        lambda m: {
            **saml(m),
            "private_key_id": m.of("sso.saml.update_connection").connection.encryption_private_keys[0].private_key_id,
        },
        lambda m, r: equal(read_saml(m).encryption_private_keys, []),
    ),
    "sso.saml.delete_verification_certificate": Row(
        lambda m: {**saml(m), "certificate_id": second_certificate(m)},
        lambda m, r: equal(len(read_saml(m).verification_certificates), 1),
    ),
    "sso.oidc.create_connection": Row(
        lambda m: {"organization_id": organization_id(m), "display_name": "Keycloak", "identity_provider": "keycloak"},
        lambda m, r: equal(connections(m).oidc_connections[0].status, "pending"),
    ),
    "sso.oidc.update_connection": Row(
        lambda m: {
            **named(m, "sso.oidc.create_connection"),
            "issuer": f"{m.url}/_emulator/idp/2",
            "client_id": "acme",
            "client_secret": "client secret",
        },
        lambda m, r: equal(
            (connections(m).oidc_connections[0].status, connections(m).oidc_connections[0].jwks_url),
            ("active", f"{m.url}/_emulator/idp/2/jwks"),
        ),
    ),
    "sso.external.create_connection": Row(
        lambda m: {**another(m), "organization_id": organization_id(m), "display_name": "Globex"},
        lambda m, r: equal(connections(m).external_connections[0].status, "active"),
    ),
    "sso.external.update_connection": Row(
        lambda m: {**named(m, "sso.external.create_connection"), "display_name": "Globex SSO"},
        lambda m, r: equal(connections(m).external_connections[0].display_name, "Globex SSO"),
    ),
    "sso.get_connections": Row(
        lambda m: {"organization_id": organization_id(m)},
        lambda m, r: equal(r.saml_connections[0].connection_id, saml(m)["connection_id"]),
    ),
    "sso.authenticate": Row(
        lambda m: {"sso_token": sso_token(m)},
        lambda m, r: equal(
            m.client.organizations.members.get(organization_id(m), member_id=r.member_id)
            .member.sso_registrations[0]
            .connection_id,
            saml(m)["connection_id"],
        ),
    ),
    "sso.delete_connection": Row(
        lambda m: named(m, "sso.external.create_connection"),
        lambda m, r: equal(connections(m).external_connections, []),
    ),
}
