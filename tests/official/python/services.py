"""The rows that the scenarios of both products share: machines, Connected Apps, the policy and the project."""

from drive import Row
from fraud import FRAUD
from memory import equal

APP = "connected-app-test-1"


def machine(m):
    return m.of("m2m.clients.create").m2m_client


def read(m):
    return m.client.m2m.clients.get(machine(m).client_id).m2m_client


def token(m, client_secret):
    return m.client.m2m.token(machine(m).client_id, client_secret)


def app_token(m):
    claims = {"client_id": APP, "scope": "openid read:documents"}
    m.app_token = m.control("POST", "tokens", {"product": m.product, "kind": "connected_app", "claims": claims})["token"]
    return m.app_token


def rotating(m):
    m.next = m.client.m2m.clients.secrets.rotate_start(machine(m).client_id).m2m_client
    return {"client_id": machine(m).client_id}


def has_role(m, policy):
    assert any(role.role_id == m.role for role in policy.roles), f"the role {m.role} in {policy}"


SERVICES = {
    **FRAUD,
    "debug.whoami": Row(check=lambda m, r: equal(r.project_id, m.project_id)),
    "project.metrics": Row(
        check=lambda m, r: equal([found.metric_type for found in r.metrics][-1], "M2M_CLIENT_COUNT"),
    ),
    "m2m.clients.create": Row(
        lambda m: {"client_name": "cron", "scopes": ["read:users", "write:users"]},
        lambda m, r: equal(read(m).client_name, "cron"),
    ),
    "m2m.clients.get": Row(
        lambda m: {"client_id": machine(m).client_id},
        lambda m, r: equal(r.m2m_client.scopes, machine(m).scopes),
    ),
    "m2m.clients.search": Row(
        lambda m: {
            "query": {
                "operator": "AND",
                "operands": [{"filter_name": "client_id", "filter_value": [machine(m).client_id]}],
            }
        },
        lambda m, r: equal([found.client_id for found in r.m2m_clients], [machine(m).client_id]),
    ),
    "m2m.clients.update": Row(
        lambda m: {"client_id": machine(m).client_id, "client_name": "nightly"},
        lambda m, r: equal(read(m).client_name, "nightly"),
    ),
    "m2m.token": Row(
        lambda m: {
            "client_id": machine(m).client_id,
            "client_secret": machine(m).client_secret,
            "scopes": ["read:users"],
        },
        lambda m, r: equal(r.expires_in, 3600),
    ),
    "m2m.authenticate_token": Row(
        lambda m: {"access_token": m.of("m2m.token").access_token, "required_scopes": ["read:users"]},
        lambda m, r: equal(r.client_id, machine(m).client_id),
    ),
    "m2m.clients.secrets.rotate_start": Row(
        lambda m: {"client_id": machine(m).client_id},
        lambda m, r: equal(token(m, r.m2m_client.next_client_secret).status_code, 200),
    ),
    "m2m.clients.secrets.rotate_cancel": Row(
        lambda m: {"client_id": machine(m).client_id},
        lambda m, r: equal(read(m).next_client_secret_last_four, None),
    ),
    "m2m.clients.secrets.rotate": Row(
        rotating,
        lambda m, r: equal(token(m, m.next.next_client_secret).status_code, 200),
    ),
    "m2m.clients.delete": Row(
        lambda m: {"client_id": machine(m).client_id},
        lambda m, r: m.refused("m2m_client_not_found", lambda: read(m)),
    ),
    "idp.introspect_token_network": Row(
        lambda m: {"token": app_token(m), "client_id": APP},
        lambda m, r: equal(r.scope, "openid read:documents"),
    ),
    "idp.introspect_access_token_local": Row(
        lambda m: {"access_token": m.app_token},
        lambda m, r: equal(r.subject, m.of("idp.introspect_token_network").subject),
    ),
    "rbac.policy": Row(check=lambda m, r: has_role(m, r.policy)),
}
