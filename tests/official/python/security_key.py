"""A software authenticator with the browser around it: answers WebAuthn options with an ES256 key."""

import base64
import hashlib
import json
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sha256(data):
    return hashlib.sha256(data).digest()


def head(major, number):
    return bytes([major << 5 | number] if number < 24 else [major << 5 | 24, number])


def cbor(value):
    """CBOR (RFC 8949) of small numbers, texts, bytes and maps."""
    if isinstance(value, int):
        return head(1, -1 - value) if value < 0 else head(0, value)
    if isinstance(value, str):
        return head(3, len(value)) + value.encode()
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    return head(5, len(value)) + b"".join(cbor(name) + cbor(member) for name, member in value.items())


class SecurityKey:
    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.raw_id = secrets.token_bytes(20)
        self.id = base64url(self.raw_id)
        self.count = 0
        # The id of the user who has registered the key, as the options name it.
        self.user_handle = None

    def create(self, text):
        """`navigator.credentials.create`. Returns the credential as JSON text."""
        options = json.loads(text)
        self.user_handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        cose = cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        data = self.data(options["rp"]["id"], 0x45)
        data += bytes(16) + len(self.raw_id).to_bytes(2, "big") + self.raw_id + cose
        attestation = cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client_data = self.client_data("webauthn.create", options["challenge"], options["rp"]["id"])
        return self.credential(client_data, {"attestationObject": base64url(attestation)})

    def get(self, text):
        """`navigator.credentials.get`. Returns the credential as JSON text."""
        options = json.loads(text)
        data = self.data(options["rpId"], 0x05)
        client_data = self.client_data("webauthn.get", options["challenge"], options["rpId"])
        signature = self.key.sign(data + sha256(client_data), ec.ECDSA(hashes.SHA256()))
        response = {"authenticatorData": base64url(data), "signature": base64url(signature)}
        if self.user_handle:
            response["userHandle"] = self.user_handle
        return self.credential(client_data, response)

    def data(self, rp_id, flags):
        self.count += 1
        return sha256(rp_id.encode()) + bytes([flags]) + self.count.to_bytes(4, "big")

    def client_data(self, ceremony, challenge, domain):
        challenge = challenge.rstrip("=")
        return json.dumps({"type": ceremony, "challenge": challenge, "origin": f"https://{domain}"}).encode()

    def credential(self, client_data, response):
        response["clientDataJSON"] = base64url(client_data)
        return json.dumps({"id": self.id, "rawId": self.id, "type": "public-key", "response": response})
