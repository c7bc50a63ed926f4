"""What the rows of a scenario share: the client, the results of earlier rows, and the emulator's control routes."""

import base64
import json

import requests
from stytch.core.response_base import StytchError


class Memory:
    def __init__(self, client, ready, product, role, run):
        self.client = client
        self.url = ready["url"]
        self.project_id = ready[product]["project_id"]
        self.product, self.role, self.run = product, role, run
        self.public_token = ready["public_tokens"][product]
        self.results = {}

    def of(self, name):
        """The result of an earlier row."""
        return self.results[name]

    def email(self, name, domain="example.com"):
        """An address that no other run of a scenario uses."""
        return f"{name}.{self.run}@{domain}"

    def control(self, method, route, body=None):
        answer = requests.request(method, f"{self.url}/_emulator/{route}", json=body)
        assert answer.ok, answer.text
        return answer.json()

    def token_for(self, address):
        """The token in the newest mail to this address."""
        return self.message_to(address)["token"]

    def message_to(self, address):
        """The newest message to this email address or phone number."""
        messages = self.control("GET", "outbox.json")["messages"]
        return next(message for message in messages if message["to"] == address)

    def refused(self, error_type, call):
        """Raises unless `call` is refused with this error type."""
        try:
            call()
        except StytchError as error:
            equal(error.details.error_type, error_type)
        else:
            raise AssertionError(f"expected {error_type}, but the call succeeded")


def equal(found, expected):
    assert found == expected, f"expected {expected!r}, found {found!r}"


def kid_of(jwt):
    part = jwt.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["kid"]
