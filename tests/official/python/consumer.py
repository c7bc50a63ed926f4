"""The scenario of the consumer client: one row for each method whose route the emulator has."""

from apps import APPS, DELETED_APP
from authorized_apps import APPS_OF_USERS
from crypto_wallets import CRYPTO_WALLETS
from drive import Row
from memory import equal, kid_of
from oauth import OAUTH
from passkeys import PASSKEYS
from passwordless import PASSWORDLESS
from passwords import PASSWORDS
from second_factors import TOTPS
from services import SERVICES, has_role


def created(m):
    return m.of("users.create").user_id


def read(m, user_id=None):
    return m.client.users.get(user_id or created(m))


def log_in(m):
    return m.of("magic_links.authenticate")


def sessions(m):
    return m.client.sessions.get(log_in(m).user_id).sessions


def by_email(m):
    operand = {"filter_name": "email_address", "filter_value": [m.email("grace")]}
    return {"query": {"operator": "AND", "operands": [operand]}}


CONSUMER = {
    **SERVICES,
    **APPS,
    # The client has a cache of the policy, with public methods.
    "idp.policy_cache.get": Row(check=has_role),
    "idp.policy_cache.reload_policy": Row(lambda m: {"_": None}, has_role),
    "idp.policy_cache.rbac.policy": Row(check=lambda m, r: has_role(m, r.policy)),
    "users.create": Row(
        lambda m: {"email": m.email("grace"), "name": {"first_name": "Grace"}},
        lambda m, r: equal(read(m).emails[0].email, m.email("grace")),
    ),
    **APPS_OF_USERS,
    **DELETED_APP,
    "users.get": Row(
        lambda m: {"user_id": created(m)},
        lambda m, r: equal(r.name.first_name, "Grace"),
    ),
    "users.update": Row(
        lambda m: {"user_id": created(m), "name": {"last_name": "Hopper"}, "trusted_metadata": {"plan": "gold"}},
        lambda m, r: equal((read(m).name.last_name, read(m).trusted_metadata), ("Hopper", {"plan": "gold"})),
    ),
    "users.search": Row(by_email, lambda m, r: equal([user.user_id for user in r.results], [created(m)])),
    "users.search_all": Row(by_email, lambda m, r: equal([user.user_id for user in r.results], [created(m)])),
    "magic_links.email.login_or_create": Row(
        lambda m: {"email": m.email("ada")},
        lambda m, r: equal(read(m, r.user_id).status, "active"),
    ),
    "magic_links.authenticate": Row(
        lambda m: {"token": m.token_for(m.email("ada")), "session_duration_minutes": 60},
        lambda m, r: equal(read(m, r.user_id).emails[0].verified, True),
    ),
    "sessions.get": Row(
        lambda m: {"user_id": log_in(m).user_id},
        lambda m, r: equal([found.session_id for found in r.sessions], [log_in(m).session.session_id]),
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
        lambda m, r: equal(r.session.session_id, log_in(m).session.session_id),
    ),
    "sessions.authenticate_jwt_local": Row(
        lambda m: {"session_jwt": log_in(m).session_jwt},
        lambda m, r: equal(r.user_id, log_in(m).user_id),
    ),
    "sessions.revoke": Row(
        lambda m: {"session_id": log_in(m).session.session_id},
        lambda m, r: equal(sessions(m), []),
    ),
    **OAUTH,
    **PASSKEYS,
    **CRYPTO_WALLETS,
    **PASSWORDLESS,
    **PASSWORDS,
    **TOTPS,
    "users.delete": Row(
        lambda m: {"user_id": created(m)},
        lambda m, r: m.refused("user_not_found", lambda: read(m)),
    ),
}
