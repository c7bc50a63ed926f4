"""The row of SAML Shield."""

import base64

import requests

from drive import Row


def signed(m):
    """A response that an identity provider of the emulator signed."""
    user = {"acs_url": "https://acme.example/acs", "email": "ada@acme.example", "name": "Ada"}
    answer = requests.post(f"{m.url}/_emulator/idp/1/saml", json=user, headers={"Accept": "application/json"})
    return answer.json()["SAMLResponse"]


def forged(response):
    return base64.b64encode(base64.b64decode(response).replace(b"ada@", b"eve@")).decode()


SAML_SHIELD = {
    "saml.validate": Row(
        lambda m: {"saml_response": signed(m)},
        lambda m, r: m.refused("invalid_signature_saml_response", lambda: m.client.saml.validate(forged(signed(m)))),
    ),
}
