"""The rows of crypto wallets: a wallet of Solana, which signs with Ed25519."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from drive import Row
from memory import equal

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
KEYS = {}


def key(m):
    """The key of a run."""
    return KEYS.setdefault(m.run, Ed25519PrivateKey.generate())


def base58(data):
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + text


def wallet(m):
    address = base58(key(m).public_key().public_bytes_raw())
    return {"crypto_wallet_type": "solana", "crypto_wallet_address": address}


def signature(m, challenge):
    """The signature of the wallet."""
    return base58(key(m).sign(challenge.encode()))


def wallet_of(m, user_id):
    return m.client.users.get(user_id).crypto_wallets[0]


CRYPTO_WALLETS = {
    "crypto_wallets.authenticate_start": Row(
        wallet,
        lambda m, r: equal(wallet_of(m, r.user_id).crypto_wallet_address, wallet(m)["crypto_wallet_address"]),
    ),
    "crypto_wallets.authenticate": Row(
        lambda m: {**wallet(m), "signature": signature(m, m.of("crypto_wallets.authenticate_start").challenge)},
        lambda m, r: equal(wallet_of(m, r.user_id).verified, True),
    ),
}
