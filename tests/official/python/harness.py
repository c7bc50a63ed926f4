"""Drives the clients of PyPI stytch against the emulator. Prints one line of JSON: an outcome for each client.

The argument is the line that the emulator printed when it was ready. The clients are used unchanged: `environment` is
the URL of the emulator.
"""

import asyncio
import json
import sys
from dataclasses import asdict

import stytch
from stytch.core.api_base import ApiBase

from b2b import B2B
from consumer import CONSUMER
from drive import drive
from memory import Memory
from methods import methods_of
from saml_shield import SAML_SHIELD

POLICY = {"resources": [{"resource_id": "documents", "actions": ["read", "write"]}]}


async def main(ready):
    outcomes = {}
    for name, make, product, role, scenario in [
        ("Client", stytch.Client, "consumer", "stytch_user", CONSUMER),
        ("B2BClient", stytch.B2BClient, "b2b", "stytch_member", B2B),
    ]:
        for run in ["sync", "async"]:
            url = ready["url"]
            async with make(**ready[product], environment=url, fraud_environment=url) as client:
                m = Memory(client, ready, product, role, run)
                m.control("POST", "policies", {"product": product, **POLICY})
                outcome = await drive(methods_of(client), scenario, m, calls_async=run == "async")
                outcomes[f"{name} {run}"] = asdict(outcome)
    client = saml_shield(ready)
    m = Memory(client, ready, "consumer", None, "sync")
    outcomes["SamlShieldClient sync"] = asdict(await drive(methods_of(client), SAML_SHIELD, m))
    print(json.dumps(outcomes))


def saml_shield(ready):
    """SAML Shield is another service. Its client accepts only https, so its URL is replaced afterwards."""
    client = stytch.SamlShieldClient("public-token-test-1")
    client.saml.api_base = ApiBase(ready["url"])
    return client


asyncio.run(main(json.loads(sys.argv[1])))
