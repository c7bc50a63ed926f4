"""The rows about Connected Apps that the scenarios of both products share."""

import requests
from drive import Row
from memory import equal

CALLBACK = "https://app.example/callback"


def app(m):
    return m.of("connected_app.clients.create").connected_app


def named(m):
    return {"client_id": app(m).client_id}


def read(m):
    return m.client.connected_app.clients.get(app(m).client_id).connected_app


def introspect(m, client_secret):
    """Raises unless the secret of the app is accepted."""
    form = {"token": "x", "client_id": app(m).client_id, "client_secret": client_secret}
    equal(requests.post(f"{m.url}/v1/public/{m.project_id}/oauth2/introspect", data=form).status_code, 200)


def created(m, r):
    equal(read(m).client_name, "Notes")
    introspect(m, r.connected_app.client_secret)


def rotating(m):
    m.next_app = m.client.connected_app.clients.secrets.rotate_start(app(m).client_id).connected_app
    return named(m)


def asked(m, subject):
    """The arguments of an authorization request of the app. `subject` selects the user or member."""
    request = {"client_id": app(m).client_id, "redirect_uri": CALLBACK, "response_type": "code"}
    return {**request, "scopes": ["openid", "email"], **subject}


def authorized(m, r, subject):
    """Exchanges the code for an access token, and raises unless both introspections accept the token."""
    equal(r.redirect_uri, f"{CALLBACK}?code={r.authorization_code}&state=state-1")
    client = {"client_id": app(m).client_id, "client_secret": m.next_app.next_client_secret}
    form = {"grant_type": "authorization_code", "code": r.authorization_code, "redirect_uri": CALLBACK, **client}
    answer = requests.post(f"{m.url}/v1/public/{m.project_id}/oauth2/token", data=form).json()
    token = answer["access_token"]
    equal(m.client.idp.introspect_access_token_local(access_token=token).subject, subject)
    equal(m.client.idp.introspect_token_network(token=token, **client).subject, subject)


def authorizations(subject, subject_id):
    """The rows of an authorization. `subject(m)` selects the user or member, whose id is `subject_id(m)`."""
    return {
        "idp.oauth.authorize_start": Row(
            lambda m: asked(m, subject(m)),
            lambda m, r: equal([result.is_grantable for result in r.scope_results], [True, True]),
        ),
        "idp.oauth.authorize": Row(
            lambda m: {**asked(m, subject(m)), "consent_granted": True, "state": "state-1"},
            lambda m, r: authorized(m, r, subject_id(m)),
        ),
    }


# The rows about the apps themselves. The last row deletes the app.
APPS = {
    "connected_app.clients.create": Row(
        lambda m: {"client_type": "third_party", "client_name": "Notes", "redirect_urls": [CALLBACK]},
        created,
    ),
    "connected_app.clients.get": Row(named, lambda m, r: equal(r.connected_app.redirect_urls, [CALLBACK])),
    "connected_app.clients.search": Row(
        lambda m: {"limit": 100},
        lambda m, r: equal(r.connected_apps[-1].client_id, app(m).client_id),
    ),
    "connected_app.clients.update": Row(
        lambda m: {"client_id": app(m).client_id, "client_name": "Diary"},
        lambda m, r: equal(read(m).client_name, "Diary"),
    ),
    "connected_app.clients.secrets.rotate_start": Row(
        named,
        lambda m, r: introspect(m, r.connected_app.next_client_secret),
    ),
    "connected_app.clients.secrets.rotate_cancel": Row(
        named,
        lambda m, r: equal(read(m).next_client_secret_last_four, None),
    ),
    "connected_app.clients.secrets.rotate": Row(
        rotating,
        lambda m, r: introspect(m, m.next_app.next_client_secret),
    ),
}

DELETED_APP = {
    "connected_app.clients.delete": Row(
        named,
        lambda m, r: m.refused("connected_app_not_found", lambda: read(m)),
    ),
}
