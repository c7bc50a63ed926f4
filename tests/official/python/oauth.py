"""The rows of the log-ins with OAuth providers. A row logs in at the provider's page without a browser: with two requests."""

from urllib.parse import parse_qs, urljoin, urlsplit

import requests

from drive import Row
from memory import equal


def organization_id(m):
    return m.of("organizations.create").organization.organization_id


def token_of(m, path, **params):
    return oauth_token(m, path, {"email_address": m.email("ola", "acme.example"), "name": "Ola"}, **params)


def oauth_token(m, path, account, **params):
    """Opens a start URL, logs in at the provider's page with an account, and returns the application's token."""
    params["public_token"] = m.public_token
    start = requests.get(m.url + path, params=params, allow_redirects=False)
    page = urljoin(m.url, start.headers["location"])
    answer = requests.post(page, data={"state": parameter(page, "state"), **account}, allow_redirects=False)
    return parameter(answer.headers["location"], "token")


def parameter(url, name):
    return parse_qs(urlsplit(url).query)[name][0]


def is_logged_in(m, result):
    user = m.client.sessions.authenticate(session_token=result.session_token).user
    equal([provider.provider_subject for provider in user.providers], [result.provider_subject])


def is_attached(m, result):
    token = token_of(m, "/v1/public/oauth/github/start", oauth_attach_token=result.oauth_attach_token)
    user = m.client.oauth.authenticate(token).user
    equal([provider.provider_type for provider in user.providers], ["Google", "GitHub"])


def stored(m, result):
    providers = m.client.organizations.members.oauth_providers
    tokens = providers.microsoft(organization_id(m), result.member_id)
    equal(tokens.access_token, result.provider_values.access_token)


def is_same_member(m, result):
    exchange = m.client.discovery.intermediate_sessions.exchange
    found = exchange(result.intermediate_session_token, organization_id(m))
    equal(found.member_id, m.of("oauth.authenticate").member_id)


OAUTH = {
    "oauth.authenticate": Row(
        lambda m: {"token": token_of(m, "/v1/public/oauth/google/start"), "session_duration_minutes": 60},
        is_logged_in,
    ),
    "oauth.attach": Row(
        lambda m: {"provider": "github", "user_id": m.of("oauth.authenticate").user_id},
        is_attached,
    ),
}

MEMBER_OAUTH = {
    "oauth.authenticate": Row(
        lambda m: {
            "oauth_token": token_of(m, "/v1/b2b/public/oauth/microsoft/start", organization_id=organization_id(m))
        },
        stored,
    ),
    "oauth.discovery.authenticate": Row(
        lambda m: {"discovery_oauth_token": token_of(m, "/v1/b2b/public/oauth/microsoft/discovery/start")},
        is_same_member,
    ),
}
