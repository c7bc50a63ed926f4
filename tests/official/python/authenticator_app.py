"""An authenticator app (RFC 6238): HMAC-SHA-1, steps of 30 seconds, six digits."""

import base64
import hashlib
import hmac
import time


def code_of(secret):
    """The code that the app displays now for a secret in base32."""
    counter = int(time.time() // 30).to_bytes(8, "big")
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[19] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
