"""Whole flows with the clients of PyPI stytch against the emulator. Prints one line of JSON: the problem of each flow.

The argument is the line that the emulator printed when it was ready. A flow is a function of `m`, the memory of the
client of its product. The emulator may have run the scenarios before, so addresses are those of the run `flows`.
"""

import json
import sys
import traceback

import stytch

from flow_members import MEMBERS
from flow_services import MEMBER_SERVICES, USER_SERVICES
from flow_sso import SSO
from flow_users import USERS
from memory import Memory

PRODUCTS = [
    (stytch.Client, "consumer", USERS + USER_SERVICES),
    (stytch.B2BClient, "b2b", MEMBERS + SSO + MEMBER_SERVICES),
]


def main(ready):
    problems = {}
    for make, product, flows in PRODUCTS:
        url = ready["url"]
        m = Memory(make(**ready[product], environment=url, fraud_environment=url), ready, product, None, "flows")
        for flow in flows:
            name = f"{product} {flow.__name__}"
            try:
                flow(m)
                problems[name] = None
            except Exception:
                problems[name] = traceback.format_exc()
    print(json.dumps(problems))


main(json.loads(sys.argv[1]))
